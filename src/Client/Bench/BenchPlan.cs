namespace Verifier.Client.Bench;

/// <summary>What is to be measured.</summary>
internal sealed record BenchPlan
{
    /// <summary>Loads, one after the other; those that are multiples of the peak come with a search for it.</summary>
    public required IReadOnlyList<PlannedLoad> Loads { get; init; }

    /// <summary>Whether the most that the service can do is looked for first.</summary>
    public required bool FindPeak { get; init; }

    /// <summary>The most that the service can do, where the caller knows it; verdicts for each second.</summary>
    public double? KnownPeak { get; init; }

    /// <summary>How long each load lasts.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How long calls are made before anything is measured.</summary>
    public required TimeSpan Warmup { get; init; }

    /// <summary>No more calls than these wait for answers at once in an open loop.</summary>
    public required int MostOpen { get; init; }

    /// <summary>Whether calls of an open loop are equally far apart; otherwise they are independent of each other.</summary>
    public required bool IsFixed { get; init; }

    /// <summary>Seed of the times of independent calls.</summary>
    public required int Seed { get; init; }
}

/// <summary>A load; exactly one of its members is set.</summary>
/// <param name="Callers">A closed loop of as many callers.</param>
/// <param name="Rate">An open loop of as many calls each second.</param>
/// <param name="TimesPeak">An open loop at this multiple of the peak.</param>
internal sealed record PlannedLoad(int? Callers = null, double? Rate = null, double? TimesPeak = null);
