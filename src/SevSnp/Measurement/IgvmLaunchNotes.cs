using System.Buffers.Binary;
using SevSnp.Igvm;

namespace SevSnp.Measurement;

/// <summary>Finds what speaks against a digest.</summary>
internal static class IgvmLaunchNotes
{
    private const ulong KvmVmsaGpa = 0xFFFFFFFFF000;
    private const int Cr0Offset = 0x158;

    public static IReadOnlyList<IgvmLaunchNote> Of(IgvmFile file, IgvmLaunch launch, IgvmLaunchPlan plan)
    {
        List<IgvmLaunchNote> notes = [];
        if (IgvmLaunchRules.Of(launch) is { OnKvm: true })
        {
            Add(notes, IgvmLaunchNote.VmsaAddressIsNotKvms, plan.FileVmsas.Any(v => v.Gpa != KvmVmsaGpa));
            Add(notes, IgvmLaunchNote.SeveralVmsas, plan.FileVmsas.Count > 1);
            Add(notes, IgvmLaunchNote.VmsaCr0IsNotKvms, plan.FileVmsas.Any(v => Cr0(file, v) is not (0x30 or 0x31)));
        }

        Add(notes, IgvmLaunchNote.LargePages, plan.HasLargePages);
        return notes;
    }

    private static ulong Cr0(IgvmFile file, PlannedPages vmsa) =>
        BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes.Slice(vmsa.FileOffset + Cr0Offset, sizeof(ulong)));

    private static void Add(List<IgvmLaunchNote> notes, IgvmLaunchNote note, bool holds)
    {
        if (holds)
        {
            notes.Add(note);
        }
    }
}
