using SevSnp.Igvm;
using SevSnp.Measurement;

namespace Verifier.Client.Output;

/// <summary>What is remarkable about an IGVM file, on stderr: <c>warning:</c> for rules of the format, <c>note:</c> for what speaks against a digest.</summary>
internal static class IgvmFindingsText
{
    public static void Warn(CliContext context, FileInfo file, IgvmFile content)
    {
        foreach (string warning in Warnings(content))
        {
            context.Error.WriteLine($"warning: {SafeText.Of($"{file}: {warning}")}");
        }
    }

    public static void Note(CliContext context, FileInfo file, IgvmMeasurement measurement)
    {
        foreach (IgvmLaunchNote note in measurement.Notes)
        {
            context.Error.WriteLine($"note: {SafeText.Of($"{file}: {Words(note)}")}");
        }
    }

    /// <summary>Each kept warning, and for those of which more were found, how many.</summary>
    public static IEnumerable<string> Warnings(IgvmFile content)
    {
        foreach (IGrouping<IgvmFaultId, IgvmFault> same in content.Warnings.GroupBy(w => w.Id))
        {
            foreach (IgvmFault warning in same)
            {
                yield return warning.ToString();
            }

            if (content.WarningCounts[same.Key] - same.Count() is > 0 and var more)
            {
                yield return $"{same.Key.WireName()}: {more} more of these";
            }
        }
    }

    public static string Words(IgvmLaunchNote note) => note switch
    {
        IgvmLaunchNote.VmsaAddressIsNotKvms => "KVM puts save areas at 0xfffffffff000 only, so that QEMU refuses to launch this file",
        IgvmLaunchNote.SeveralVmsas => "QEMU on KVM takes the state of one virtual processor only from a file, and this one has several",
        IgvmLaunchNote.VmsaCr0IsNotKvms => "CR0 in the save area is not what KVM starts a virtual processor with, so that the report will show another measurement",
        IgvmLaunchNote.LargePages => "pages of 2 MiB are measured as 512 small ones, which no hardware has confirmed",
        _ => note.ToString(),
    };
}
