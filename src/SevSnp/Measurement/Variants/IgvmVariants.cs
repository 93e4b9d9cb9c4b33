using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Measurement;

/// <summary>
/// Looks for the way of launching a file that gives a measurement: every profile, both types of zero pages, one to many save areas, a
/// launch that ended early, and the change that hosts are known to make to a save area. For explanations only: that a file gives a
/// measurement in some way says nothing about whether that way is wanted.
/// </summary>
public static class IgvmVariants
{
    private static readonly IgvmLaunch[] Ways =
    [
        .. LaunchProfiles.All.SelectMany(p => new[] { new IgvmLaunch { Profile = p }, new IgvmLaunch { Profile = p, ZeroPages = OtherZeroPages(p) } }),
    ];

    /// <summary>Finds every way that gives the measurement.</summary>
    /// <param name="file">The file.</param>
    /// <param name="measurement">The measurement to explain.</param>
    /// <param name="mostVmsas">Largest number of save areas to try, 1 to <see cref="IgvmLaunch.MaxVmsas"/>.</param>
    /// <param name="options">How to compute; steps are kept one way at a time, about 120 bytes per page.</param>
    /// <returns>The ways, complete launches and those that a profile describes first; none when there is none.</returns>
    public static IReadOnlyList<IgvmVariantMatch> Find(IgvmFile file, Digest384 measurement, int mostVmsas, IgvmMeasureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostVmsas, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostVmsas, IgvmLaunch.MaxVmsas);
        options = (options ?? IgvmMeasureOptions.Default) with { KeepSteps = true };
        int vmsas = CountVmsas(file);
        List<IgvmVariantMatch> matches = Search(file, measurement, vmsas, mostVmsas, options, LaunchDeviation.None);
        if (matches.Count == 0 && DebugSwapChange.Of(file) is { } changed)
        {
            matches = Search(changed.File, measurement, vmsas, mostVmsas, options, changed.Deviation);
        }

        // Where the type of zero pages makes no difference, the profile says enough.
        return [.. matches.Where(m => m.Launch.ZeroPages is null || !matches.Exists(o => o.Launch == m.Launch with { ZeroPages = null })).OrderBy(m => m.Deviation).ThenBy(m => m.Launch.ZeroPages is not null)];
    }

    private static List<IgvmVariantMatch> Search(
        IgvmFile file, Digest384 measurement, int vmsas, int mostVmsas, IgvmMeasureOptions options, LaunchDeviation deviation)
    {
        List<IgvmVariantMatch> matches = [];
        foreach (IgvmLaunch way in Ways)
        {
            // Where save areas come last, the trace with many copies of one holds the digest with each smaller number.
            bool copies = vmsas == 1 && IgvmLaunchRules.Of(way) is { VmsasLast: true };
            if (!IgvmMeasurer.TryMeasure(file, copies ? way with { Vmsas = mostVmsas } : way, out IgvmMeasurement? measured, out _, options))
            {
                continue;
            }

            IReadOnlyList<LaunchStep> steps = measured.Measurement.Steps;
            for (int i = 0; i < steps.Count; i++)
            {
                if (steps[i].DigestAfter == measurement)
                {
                    matches.Add(Match(way, vmsas, steps, i, deviation));
                }
            }
        }

        return matches;
    }

    private static IgvmVariantMatch Match(IgvmLaunch way, int vmsasInFile, IReadOnlyList<LaunchStep> steps, int at, LaunchDeviation deviation)
    {
        int vmsas = steps.Take(at + 1).Count(s => s.Type == PageType.Vmsa);
        LaunchDeviation found = steps.Skip(at + 1).Any(s => s.Type != PageType.Vmsa) ? LaunchDeviation.Unfinished
            : vmsas == 0 && vmsasInFile > 0 ? LaunchDeviation.SaveAreasAbsent
            : deviation;
        bool isPlain = vmsas == vmsasInFile || found is LaunchDeviation.Unfinished or LaunchDeviation.SaveAreasAbsent;
        return new IgvmVariantMatch(isPlain ? way : way with { Vmsas = vmsas }, found, at + 1);
    }

    private static int CountVmsas(IgvmFile file)
    {
        uint mask = file.Platform(IgvmPlatformType.SevSnp)?.CompatibilityMask ?? 0;
        return file.Headers.Count(h => h.RawType == (uint)IgvmHeaderType.VpContext && VpContextHeader.Read(file.Body(h)).CompatibilityMask == mask);
    }

    private static ZeroPages OtherZeroPages(LaunchProfile profile) =>
        IgvmLaunchRules.Of(new IgvmLaunch { Profile = profile })?.ZeroPages == ZeroPages.Native ? ZeroPages.Normal : ZeroPages.Native;
}
