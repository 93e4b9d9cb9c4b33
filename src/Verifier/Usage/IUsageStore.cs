using SevSnp.Primitives;

namespace Verifier.Service.Usage;

/// <summary>What is counted: how often a tenant's callers had a guest accepted, for each measurement, caller and day (UTC).</summary>
internal sealed record UsageKey(string Tenant, Digest384 Measurement, DateOnly Day, string Caller);

/// <summary>How often.</summary>
internal sealed record UsageCount(UsageKey Key, long Accepted);

/// <summary>Keeps counts for <see cref="UsageLimits.Days"/> days. Best effort: nothing that decides reads them.</summary>
internal interface IUsageStore
{
    /// <summary>Adds to what is kept.</summary>
    Task AddAsync(IReadOnlyList<UsageCount> counts, CancellationToken cancellation);

    /// <summary>The counts of some measurements from a day on, in no order.</summary>
    Task<IReadOnlyList<UsageCount>> ReadAsync(string tenant, IReadOnlyList<Digest384> measurements, DateOnly from, CancellationToken cancellation);
}

/// <summary>Limits.</summary>
internal static class UsageLimits
{
    /// <summary>Days that are kept, today included.</summary>
    public const int Days = 30;

    /// <summary>Callers that are told apart for one measurement and day; more are counted together as <see cref="Others"/>.</summary>
    public const int Callers = 1000;

    /// <summary>Counts that one process holds between two flushes; what goes beyond is dropped, and the drop is counted.</summary>
    public const int Held = 10_000;

    /// <summary>How long a count may be held before it is flushed: what a process that dies may lose.</summary>
    public static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(10);

    /// <summary>Stands for the callers beyond <see cref="Callers"/>. No caller has parentheses in its name.</summary>
    public const string Others = "(others)";
}
