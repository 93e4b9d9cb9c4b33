using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;

namespace Verifier.Service.Registry.Files;

/// <summary>
/// The launches of a file that are worth knowing although they are not registered: every profile with both types of zero pages, and
/// other numbers of save areas. Plain ones come first: of launches with one digest, the first gives the explanation its words.
/// </summary>
internal static class NearLaunches
{
    private const int Most = 64;

    // About a second of one core.
    private const long MostPages = 2 << 20;

    private static readonly int[] Counts = [1, 2, 4, 8, 16, 3, 5, 6, 7, 10, 12, 24, 32, 48, 64, 96, 128];

    public static IReadOnlyList<IgvmLaunch> Of(IgvmFile file, IReadOnlyList<IgvmLaunch> registered)
    {
        IEnumerable<IgvmLaunch> plain = LaunchProfiles.All.Select(p => new IgvmLaunch { Profile = p });
        IEnumerable<IgvmLaunch> zero = plain.SelectMany(p => new[] { p with { ZeroPages = ZeroPages.Native }, p with { ZeroPages = ZeroPages.Normal } });
        IEnumerable<IgvmLaunch> counted = HasOneVmsa(file) ? Counts.SelectMany(n => Bases(registered).Select(b => b with { Vmsas = n })) : [];
        int most = (int)Math.Min(Most, MostPages / (file.PageCount + 1));
        return [.. plain.Concat(zero).Concat(counted).Where(l => !registered.Contains(l)).Take(most)];
    }

    private static IEnumerable<IgvmLaunch> Bases(IReadOnlyList<IgvmLaunch> registered) =>
        registered.Select(r => r with { Vmsas = null }).Append(new IgvmLaunch { Profile = LaunchProfile.QemuKvm }).Distinct();

    // With several, no other number can be measured.
    private static bool HasOneVmsa(IgvmFile file) =>
        file.Platform(IgvmPlatformType.SevSnp) is { } platform
        && IgvmSummary.Of(file, platform).VpContexts is [{ CompatibilityMask: var mask }]
        && mask == platform.CompatibilityMask;
}
