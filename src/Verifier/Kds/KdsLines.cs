using Microsoft.Extensions.Options;

namespace Verifier.Service.Kds;

/// <summary>Both lines before the key service, the pauses that hold for both, and who may have how much in them.</summary>
internal sealed class KdsLines(
    FleetTurns turns, IOptions<KdsOptions> options, KdsMetrics metrics, ILogger<KdsLines> logger, [FromKeyedServices(KdsServices.NetworkClock)] TimeProvider clock)
{
    // The answer that it took too long must reach the caller before its deadline does: a tenth of the wait, within these.
    private static readonly TimeSpan LeastMargin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MostMargin = TimeSpan.FromSeconds(1);

    private readonly KdsLine _leaves = new(KdsLane.Leaves, turns, metrics, logger, clock);
    private readonly KdsLine _issuers = new(KdsLane.Issuers, turns, metrics, logger, clock);
    private readonly KdsBackoff _backoff = new(options.Value.Spacing);

    /// <summary>Who has how many unknown chips looked for.</summary>
    public PendingShares Shares { get; } = new(options.Value);

    public KdsErrand NewErrand(KdsItem item, Asker asker, KdsUrgency urgency) => new(item, asker, urgency, clock);

    /// <summary>Waits for a turn; false when nobody wants the item any more.</summary>
    public Task<bool> TurnAsync(KdsErrand errand) => LineOf(errand).WaitAsync(errand);

    /// <summary>The key service throttles.</summary>
    /// <returns>How long nobody asks.</returns>
    public async Task<TimeSpan> PauseAsync(TimeSpan? demanded)
    {
        TimeSpan length = _backoff.AfterRefusal(demanded);
        metrics.Paused();
        await turns.PauseAsync(length);
        _leaves.Pause(length);
        _issuers.Pause(length);
        return length;
    }

    /// <summary>The key service answers.</summary>
    public void Answered() => _backoff.AfterAnswer();

    /// <summary>
    /// Waits for what is on its way, for as long as the asker can. Who cannot wait long enough is told so at once; what was asked for stays
    /// in the line, so that it is there when they come back.
    /// </summary>
    public async Task<KdsOutcome> AwaitAsync(KdsErrand errand, Task<KdsOutcome> result, Asker asker, CancellationToken cancellation)
    {
        if (asker.Patience is not { } patience)
        {
            return await result.WaitAsync(cancellation);
        }

        KdsLine line = LineOf(errand);
        TimeSpan margin = TimeSpan.FromTicks(Math.Clamp(patience.Ticks / 10, LeastMargin.Ticks, MostMargin.Ticks));
        long start = clock.GetTimestamp();
        while (!result.IsCompleted)
        {
            Task changed = errand.Changed;
            TimeSpan left = patience - margin - clock.GetElapsedTime(start);
            TimeSpan expected = line.EstimateOf(errand) ?? TimeSpan.Zero;
            if (expected > left || left <= TimeSpan.Zero)
            {
                return line.IsPaused ? KdsReasons.IsThrottled(expected) : KdsReasons.IsBusy(expected);
            }

            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task late = Task.Delay(left, clock, end.Token);
            await Task.WhenAny(result, changed, late);
            await end.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }

        return await result;
    }

    private KdsLine LineOf(KdsErrand errand) => errand.Item.Lane() == KdsLane.Issuers ? _issuers : _leaves;
}
