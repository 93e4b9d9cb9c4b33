using SevSnp.Launch;

namespace SevSnp.Explanation;

/// <summary>What a way of launching means, in words.</summary>
public static class LaunchWords
{
    /// <summary>One sentence, without a full stop.</summary>
    /// <param name="profile">Whose way.</param>
    /// <param name="zeroPages">Type of pages without content, or null for that of the profile.</param>
    /// <param name="vmsas">Number of save areas, or null for those in the file.</param>
    /// <param name="deviation">What is else about it.</param>
    /// <returns>The text.</returns>
    public static string Of(LaunchProfile profile, ZeroPages? zeroPages = null, int? vmsas = null, LaunchDeviation deviation = LaunchDeviation.None)
    {
        string text = Of(profile);
        text = zeroPages switch
        {
            ZeroPages.Native => $"{text}, with pages without content launched as zero pages",
            ZeroPages.Normal => $"{text}, with pages without content launched as normal pages",
            _ => text,
        };
        text = vmsas is { } count ? $"{text}, with {Count(count)} measured, as hosts do that measure one for each vCPU" : text;
        return deviation switch
        {
            LaunchDeviation.SaveAreasAbsent => $"{text}, but the save areas were not measured",
            LaunchDeviation.Unfinished => $"{text}, but not all of the file's pages were measured",
            LaunchDeviation.DebugSwapSet => $"{text}, but the host set DebugSwap (SEV_FEATURES bit 5) in the save area",
            LaunchDeviation.DebugSwapCleared => $"{text}, but the host cleared DebugSwap (SEV_FEATURES bit 5) in the save area",
            _ => text,
        };
    }

    /// <summary>What to do about a deviation.</summary>
    /// <param name="deviation">The deviation.</param>
    /// <returns>One sentence without a full stop, or null where there is nothing to do.</returns>
    public static string? Remedy(LaunchDeviation deviation) => deviation switch
    {
        LaunchDeviation.SaveAreasAbsent or LaunchDeviation.Unfinished => "the loader did not launch the whole file; do not accept this measurement",
        LaunchDeviation.DebugSwapSet or LaunchDeviation.DebugSwapCleared => "build the file with the features that the host sets, or launch it on a host that leaves them as they are",
        _ => null,
    };

    private static string Of(LaunchProfile profile) => profile switch
    {
        LaunchProfile.Spec => "launched in the order of the file, as the format says",
        LaunchProfile.QemuKvm => "launched by QEMU on KVM: save areas last, shared pages measured like others",
        LaunchProfile.HyperV => "launched by Hyper-V: in the order of the file",
        LaunchProfile.Vanadium => "launched by Vanadium: save areas last, pages without content as zero pages",
        _ => "launched in a way that has no name",
    };

    private static string Count(int vmsas) => vmsas == 1 ? "one save area" : $"{vmsas} save areas";
}
