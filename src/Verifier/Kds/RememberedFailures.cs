using System.Diagnostics.CodeAnalysis;

namespace Verifier.Service.Kds;

/// <summary>
/// Failures that are still fresh, so that they are not asked for again with each call. Only a definite "no such certificate" is ever
/// told as one; everything else stays "not now". Measured on the monotonic clock.
/// </summary>
internal sealed class RememberedFailures(int capacity, TimeProvider clock)
{
    private static readonly TimeSpan Definite = TimeSpan.FromSeconds(60);

    private readonly LruCache<KdsItem, Entry> _entries = new(capacity);

    public bool TryGet(KdsItem item, [NotNullWhen(true)] out KdsOutcome? outcome)
    {
        outcome = null;
        if (!_entries.TryGet(item, out Entry? entry))
        {
            return false;
        }

        TimeSpan left = entry.Life - clock.GetElapsedTime(entry.Since);
        if (left <= TimeSpan.Zero)
        {
            _entries.Remove(item);
            return false;
        }

        outcome = entry.Outcome is KdsOutcome.Unavailable { RetryAfter: not null } unavailable ? unavailable with { RetryAfter = left } : entry.Outcome;
        return true;
    }

    /// <summary>
    /// How long a failure holds: a definite one, and one of a list or of a refresh, which nobody waits for, for 60 s; another only when
    /// the key service was really asked, for as long as callers are told to wait.
    /// </summary>
    public static TimeSpan LifeOf(KdsItem item, KdsOutcome outcome, bool isRefresh) => outcome switch
    {
        KdsOutcome.Found or KdsOutcome.Unavailable { IsAboutTheCall: true } => TimeSpan.Zero,
        KdsOutcome.NoSuch => Definite,
        _ when isRefresh || item.Kind == KdsItemKind.RevocationList => Definite,
        KdsOutcome.Unavailable { WasAsked: true, RetryAfter: { } wait } => wait,
        _ => TimeSpan.Zero,
    };

    /// <summary>Remembers a failure for so long.</summary>
    public void Add(KdsItem item, KdsOutcome outcome, TimeSpan life)
    {
        if (life > TimeSpan.Zero)
        {
            _entries.Set(item, new Entry(outcome, clock.GetTimestamp(), life));
        }
    }

    public void Forget(KdsItem item) => _entries.Remove(item);

    private sealed record Entry(KdsOutcome Outcome, long Since, TimeSpan Life);
}
