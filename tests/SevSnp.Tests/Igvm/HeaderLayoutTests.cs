using System.Buffers.Binary;
using SevSnp.Igvm;

namespace SevSnp.Tests.Igvm;

/// <summary>The fields of each header lie where the format says, and are read and written there, without a byte left out.</summary>
public sealed class HeaderLayoutTests
{
    private delegate (byte[] Written, ulong[] Fields) Reading(ReadOnlySpan<byte> body);

    // For each header the lengths of its fields, in the order in which the format lists them.
    private static readonly Dictionary<string, (int Size, int[] Lengths, Reading Read)> Layouts = new()
    {
        ["platform"] = (PlatformHeader.Size, [4, 1, 1, 2, 8], b => PlatformHeader.Read(b) is var h
            ? (h.ToBytes(), [h.CompatibilityMask, h.HighestVtl, h.RawType, h.Version, h.SharedGpaBoundary]) : default),
        ["guest policy"] = (GuestPolicyHeader.Size, [8, 4, 4], b => GuestPolicyHeader.Read(b) is var h
            ? (h.ToBytes(), [h.Policy, h.CompatibilityMask, h.Reserved]) : default),
        ["relocatable region"] = (RelocatableRegionHeader.Size, [4, 2, 1, 1, 8, 8, 8, 8, 8], b => RelocatableRegionHeader.Read(b) is var h
            ? (h.ToBytes(), [h.CompatibilityMask, h.VpIndex, h.Vtl, h.Flags, h.Alignment, h.Gpa, h.SizeBytes, h.MinimumGpa, h.MaximumGpa]) : default),
        ["page table relocation"] = (PageTableRelocationHeader.Size, [4, 2, 1, 1, 8, 8, 8], b => PageTableRelocationHeader.Read(b) is var h
            ? (h.ToBytes(), [h.CompatibilityMask, h.VpIndex, h.Vtl, h.Reserved, h.Gpa, h.SizeBytes, h.UsedBytes]) : default),
        ["corim"] = (CorimHeader.Size, [4, 4, 4, 4], b => CorimHeader.Read(b) is var h
            ? (h.ToBytes(), [h.CompatibilityMask, h.FileOffset, h.SizeBytes, h.Reserved]) : default),
        ["parameter area"] = (ParameterAreaHeader.Size, [8, 4, 4], b => ParameterAreaHeader.Read(b) is var h
            ? (h.ToBytes(), [h.NumberOfBytes, h.AreaIndex, h.FileOffset]) : default),
        ["page data"] = (PageDataHeader.Size, [8, 4, 4, 4, 2, 2], b => PageDataHeader.Read(b) is var h
            ? (h.ToBytes(), [h.Gpa, h.CompatibilityMask, h.FileOffset, h.Flags, h.RawDataType, h.Reserved]) : default),
        ["parameter insert"] = (ParameterInsertHeader.Size, [8, 4, 4], b => ParameterInsertHeader.Read(b) is var h
            ? (h.ToBytes(), [h.Gpa, h.CompatibilityMask, h.AreaIndex]) : default),
        ["vp context"] = (VpContextHeader.Size, [8, 4, 4, 2, 2], b => VpContextHeader.Read(b) is var h
            ? (h.ToBytes(), [h.Gpa, h.CompatibilityMask, h.FileOffset, h.VpIndex, h.Reserved]) : default),
        ["required memory"] = (RequiredMemoryHeader.Size, [8, 4, 4, 4, 4], b => RequiredMemoryHeader.Read(b) is var h
            ? (h.ToBytes(), [h.Gpa, h.CompatibilityMask, h.NumberOfBytes, h.Flags, h.Reserved]) : default),
        ["parameter"] = (ParameterHeader.Size, [4, 4], b => ParameterHeader.Read(b) is var h
            ? (h.ToBytes(), [h.AreaIndex, h.ByteOffset]) : default),
        ["error range"] = (ErrorRangeHeader.Size, [8, 4, 4], b => ErrorRangeHeader.Read(b) is var h
            ? (h.ToBytes(), [h.Gpa, h.CompatibilityMask, h.SizeBytes]) : default),
    };

    public static TheoryData<string> Names => [.. Layouts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Fields_LieWhereTheFormatSays(string name)
    {
        (int size, int[] lengths, Reading read) = Layouts[name];
        byte[] body = [.. Enumerable.Range(1, size).Select(i => (byte)i)];
        (byte[] written, ulong[] fields) = read([.. body, 0xFF]);
        Assert.Equal(body, written);
        Assert.Equal(Expected(body, lengths), fields);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ShortBody_IsTheCallersDefect(string name) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Layouts[name].Read(new byte[Layouts[name].Size - 1]));

    private static ulong[] Expected(byte[] body, int[] lengths)
    {
        Assert.Equal(body.Length, lengths.Sum());
        ulong[] fields = new ulong[lengths.Length];
        int at = 0;
        for (int i = 0; i < lengths.Length; at += lengths[i++])
        {
            byte[] field = [.. body.AsSpan(at, lengths[i]), .. new byte[8 - lengths[i]]];
            fields[i] = BinaryPrimitives.ReadUInt64LittleEndian(field);
        }

        return fields;
    }
}
