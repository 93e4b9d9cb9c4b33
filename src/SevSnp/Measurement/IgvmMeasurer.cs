using System.Diagnostics.CodeAnalysis;
using SevSnp.Igvm;

namespace SevSnp.Measurement;

/// <summary>
/// Computes the SEV-SNP launch digest of an IGVM file. Several ways of launching it are measured together, since their pages are
/// hashed once; the chains follow the hashing on the same cores.
/// </summary>
public static class IgvmMeasurer
{
    // 16 MiB of pages: long enough to keep all cores busy, short enough for the chains to keep up.
    private const int Portion = 4096;

    /// <summary>Measures one way of launching a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="launch">The way.</param>
    /// <param name="measurement">Digest and notes.</param>
    /// <param name="fault">Why there is none.</param>
    /// <param name="options">How to compute.</param>
    /// <returns>True when there is a digest.</returns>
    public static bool TryMeasure(
        IgvmFile file, IgvmLaunch launch, [NotNullWhen(true)] out IgvmMeasurement? measurement, out IgvmMeasureFault fault, IgvmMeasureOptions? options = null)
    {
        bool measured = TryMeasureAll(file, [launch], out IReadOnlyList<IgvmMeasurement>? all, out fault, options);
        measurement = measured ? all![0] : null;
        return measured;
    }

    /// <summary>Measures several ways of launching a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="launches">The ways.</param>
    /// <param name="measurements">One for each way, in the same order.</param>
    /// <param name="fault">The first reason why one of them has no digest.</param>
    /// <param name="options">How to compute.</param>
    /// <returns>True when every way has a digest.</returns>
    public static bool TryMeasureAll(
        IgvmFile file,
        IReadOnlyList<IgvmLaunch> launches,
        [NotNullWhen(true)] out IReadOnlyList<IgvmMeasurement>? measurements,
        out IgvmMeasureFault fault,
        IgvmMeasureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(launches);
        options ??= IgvmMeasureOptions.Default;
        (measurements, fault) = (null, default);
        List<IgvmLaunchPlan> plans = [];
        foreach (IgvmLaunch launch in launches)
        {
            if (IgvmLaunchPlan.Make(file, launch, out fault) is not { } plan)
            {
                return false;
            }

            plans.Add(plan);
        }

        LaunchMeasurement[] results = Run(file, plans, options);
        measurements = [.. launches.Select((launch, i) => new IgvmMeasurement(launch, results[i], IgvmLaunchNotes.Of(file, launch, plans[i])))];
        return true;
    }

    private static LaunchMeasurement[] Run(IgvmFile file, List<IgvmLaunchPlan> plans, IgvmMeasureOptions options)
    {
        uint mask = file.Platform(IgvmPlatformType.SevSnp)?.CompatibilityMask ?? 0;
        IgvmPageContents contents = new(file, mask, file.Platform(IgvmPlatformType.SevEs)?.CompatibilityMask ?? mask);
        IgvmLaunchChain[] chains = [.. plans.Select(p => new IgvmLaunchChain(p, contents, options.KeepSteps))];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.MaxParallelism, CancellationToken = options.Cancellation };
        int hashed = 0;
        while (hashed < contents.Count)
        {
            int from = hashed;
            int to = Math.Min(contents.Count, from + Portion);
            Action[] work = [() => contents.Hash(from, to, parallel), .. chains.Select(c => (Action)(() => c.Advance(from)))];
            Parallel.Invoke(parallel, work);
            hashed = to;
            options.Progress?.Report((double)hashed / contents.Count);
        }

        Parallel.ForEach(chains, parallel, c => c.Advance(hashed));
        return [.. chains.Select(c => c.Finish())];
    }
}
