using System.Collections.Concurrent;

namespace Verifier.Client.Bench;

/// <summary>What was seen of the calls of one phase. May be added to by many threads at once.</summary>
/// <param name="duration">How long calls are made.</param>
internal sealed class PhaseRecord(TimeSpan duration)
{
    private const int SlotCount = 20;

    private readonly ConcurrentDictionary<(CallOutcome Outcome, string? Reason), long> _outcomes = new();
    private readonly long[] _slots = new long[SlotCount];
    private readonly Lock _hints = new();
    private long _goodWithin;
    private long _withHint;
    private long _withPushback;

    public TimeSpan Duration => duration;

    public LatencyHistogram Admitted { get; } = new();

    /// <summary>Of those admitted, the calls about chips that were new.</summary>
    public LatencyHistogram Cold { get; } = new();

    public LatencyHistogram Refused { get; } = new();

    public LatencyHistogram Failed { get; } = new();

    /// <summary>How much later than due calls were sent. Part of their latency.</summary>
    public LatencyHistogram SentLate { get; } = new();

    public long Calls => Admitted.Count + Refused.Count + Failed.Count;

    /// <summary>Answers with a verdict for each second, of those that came while calls were being made.</summary>
    public double Goodput => Interlocked.Read(ref _goodWithin) / duration.TotalSeconds;

    /// <summary>The same for each twentieth of the phase.</summary>
    public IReadOnlyList<double> GoodputOverTime => [.. _slots.Select(n => n / (duration.TotalSeconds / SlotCount))];

    public long WithHint => Interlocked.Read(ref _withHint);

    public long WithPushback => Interlocked.Read(ref _withPushback);

    public TimeSpan? ShortestDelay { get; private set; }

    public TimeSpan? LongestDelay { get; private set; }

    public IReadOnlyList<(CallOutcome Outcome, string? Reason, long Calls)> Outcomes =>
        [.. _outcomes.Select(o => (o.Key.Outcome, o.Key.Reason, o.Value)).OrderBy(o => o.Outcome).ThenByDescending(o => o.Value).ThenBy(o => o.Reason, StringComparer.Ordinal)];

    public long Of(CallOutcome outcome) => _outcomes.Where(o => o.Key.Outcome == outcome).Sum(o => o.Value);

    /// <summary>Adds a call.</summary>
    /// <param name="result">What became of it.</param>
    /// <param name="latency">From when it was due, or sent in a closed loop.</param>
    /// <param name="at">When it ended, counted from the start of the phase.</param>
    public void Add(CallResult result, TimeSpan latency, TimeSpan at)
    {
        _outcomes.AddOrUpdate((result.Outcome, result.Reason), 1, (_, n) => n + 1);
        switch (result.Outcome)
        {
            case CallOutcome.Refused:
                Refused.Add(latency);
                AddHint(result);
                break;
            case CallOutcome.Failed:
                Failed.Add(latency);
                break;
            default:
                AddAdmitted(result, latency, at);
                break;
        }
    }

    private void AddAdmitted(CallResult result, TimeSpan latency, TimeSpan at)
    {
        Admitted.Add(latency);
        if (result.IsCold)
        {
            Cold.Add(latency);
        }

        if (at < duration)
        {
            Interlocked.Increment(ref _goodWithin);
            Interlocked.Increment(ref _slots[(int)(SlotCount * (at / duration))]);
        }
    }

    private void AddHint(CallResult result)
    {
        if (result.HasPushback)
        {
            Interlocked.Increment(ref _withPushback);
        }

        if (result.RetryDelay is not { } delay)
        {
            return;
        }

        Interlocked.Increment(ref _withHint);
        lock (_hints)
        {
            ShortestDelay = ShortestDelay is { } least && least < delay ? least : delay;
            LongestDelay = LongestDelay is { } most && most > delay ? most : delay;
        }
    }
}
