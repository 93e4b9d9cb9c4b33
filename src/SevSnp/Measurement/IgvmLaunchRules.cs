using SevSnp.Launch;

namespace SevSnp.Measurement;

/// <summary>What a profile means for the digest.</summary>
/// <param name="VmsasLast">Save areas are measured after all pages, as KVM does when it finishes the launch.</param>
/// <param name="MeasuresShared">Pages with the shared flag are measured like any other.</param>
/// <param name="ZeroPages">Type of pages without content.</param>
/// <param name="OnKvm">The rules of KVM hold for save areas.</param>
/// <param name="LikeIgvmmeasure">One step for a parameter area of any size; the save areas of SEV-ES are taken along.</param>
internal sealed record IgvmLaunchRules(bool VmsasLast, bool MeasuresShared, ZeroPages ZeroPages, bool OnKvm, bool LikeIgvmmeasure = false)
{
    private static readonly IgvmLaunchRules Igvmmeasure = new(false, true, ZeroPages.Normal, false, true);

    public static IgvmLaunchRules? Of(IgvmLaunch launch)
    {
        IgvmLaunchRules? rules = launch.LikeIgvmmeasure ? Igvmmeasure : Of(launch.Profile);
        return rules is not null && launch.ZeroPages is { } zero ? rules with { ZeroPages = zero } : rules;
    }

    private static IgvmLaunchRules? Of(LaunchProfile profile) => profile switch
    {
        LaunchProfile.Spec or LaunchProfile.HyperV => new(false, false, ZeroPages.Normal, false),
        LaunchProfile.QemuKvm => new(true, true, ZeroPages.Normal, true),
        LaunchProfile.Vanadium => new(true, false, ZeroPages.Native, true),
        _ => null,
    };
}
