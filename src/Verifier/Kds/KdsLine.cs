namespace Verifier.Service.Kds;

/// <summary>
/// The line before the key service. One turn for each spacing, over all instances; within this one the more urgent first, then callers
/// by turns, so that one with many chips cannot make another wait for all of them, then first come.
/// </summary>
internal sealed class KdsLine(KdsLane lane, FleetTurns turns, KdsMetrics metrics, ILogger logger, TimeProvider clock)
{
    // A clock that can be set is looked at again in good time.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(1);

    private readonly List<KdsErrand> _waiting = [];
    private readonly Dictionary<(string Tenant, string Caller), long> _rounds = [];
    private readonly Lock _gate = new();
    private bool _isServing;
    private long _number;
    private long _round;
    private long _asOf = clock.GetTimestamp();
    private TimeSpan _nextIn;

    /// <summary>True while the next turn is kept back by a pause that the key service demanded.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Waits for a turn.</summary>
    /// <returns>False when nobody wants the item any more.</returns>
    public Task<bool> WaitAsync(KdsErrand errand)
    {
        Task<bool> turn = errand.Enter();
        metrics.Pending(lane, 1);
        lock (_gate)
        {
            errand.Place = (RoundOf(errand.First), _number++);
            _waiting.Add(errand);
            if (!_isServing)
            {
                _isServing = true;
                _ = Task.Run(ServeAsync);
            }
        }

        errand.Signal();
        return turn;
    }

    /// <summary>At least how long until this one's turn; null when it does not stand in the line.</summary>
    public TimeSpan? EstimateOf(KdsErrand errand)
    {
        lock (_gate)
        {
            if (!_waiting.Contains(errand))
            {
                return null;
            }

            TimeSpan next = _nextIn - clock.GetElapsedTime(_asOf);
            bool isFree = next <= TimeSpan.Zero;
            int ahead = isFree && lane.Places() > 1 ? 0 : _waiting.Count(other => Before(other, errand));
            return (isFree ? TimeSpan.Zero : next) + (turns.Spacing * ahead);
        }
    }

    /// <summary>A pause has begun.</summary>
    public void Pause(TimeSpan length)
    {
        lock (_gate)
        {
            Expect(length, isPause: true);
        }

        SignalIfLong(length);
    }

    // Short waits are over before anybody could make use of knowing them.
    private void SignalIfLong(TimeSpan wait)
    {
        KdsErrand[] waiting = [];
        lock (_gate)
        {
            waiting = wait >= LongPause ? [.. _waiting] : waiting;
        }

        foreach (KdsErrand errand in waiting)
        {
            errand.Signal();
        }
    }

    // Callers go by turns: who has one in this round already stands in the next.
    private long RoundOf(Asker asker)
    {
        (string, string) caller = (asker.Tenant, asker.Caller);
        long round = _rounds.TryGetValue(caller, out long last) && last >= _round ? last + 1 : _round;
        return _rounds[caller] = round;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (await TakeTurnAsync())
            {
            }
        }
        catch (Exception e)
        {
            // A defect; whoever waits must not wait for ever.
            logger.LineFailed(lane.Label(), e);
            lock (_gate)
            {
                _waiting.ForEach(errand => errand.Turn!.TrySetException(e));
                _waiting.Clear();
                _isServing = false;
            }
        }
    }

    private async Task<bool> TakeTurnAsync()
    {
        if (Head() is not { } head)
        {
            return false;
        }

        if (head.Urgency == KdsUrgency.Prewarm)
        {
            // Whoever is waited for, at any instance, takes a turn as soon as there is one; this comes later.
            await SleepAsync(turns.Spacing / 4);
        }

        (TimeSpan wait, bool isPause) = await turns.TryTakeTurnAsync(lane);
        lock (_gate)
        {
            Expect(wait > TimeSpan.Zero ? wait : lane.Places() > 1 ? TimeSpan.Zero : turns.Spacing, isPause);
        }

        if (wait > TimeSpan.Zero)
        {
            SignalIfLong(wait);
            await SleepAsync(wait + Jitter());
            return true;
        }

        Serve();
        return true;
    }

    // Instances that wait for the same turn shall not all try at the same moment.
    private TimeSpan Jitter() => TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * Math.Min(turns.Spacing.TotalMilliseconds / 4, 50));

    private void Expect(TimeSpan next, bool isPause) => (_nextIn, _asOf, IsPaused) = (next, clock.GetTimestamp(), isPause);

    private async Task SleepAsync(TimeSpan time)
    {
        long start = clock.GetTimestamp();
        while (time - clock.GetElapsedTime(start) is { Ticks: > 0 } left)
        {
            await Task.Delay(left < LongestSleep ? left : LongestSleep, TimeProvider.System);
        }
    }

    private KdsErrand? Head()
    {
        lock (_gate)
        {
            foreach (KdsErrand abandoned in _waiting.Where(e => e.IsAbandoned).ToArray())
            {
                Leave(abandoned, isServed: false);
            }

            if (_waiting.Count == 0)
            {
                _rounds.Clear();
                _isServing = false;
                return null;
            }

            return First();
        }
    }

    private KdsErrand First()
    {
        KdsErrand first = _waiting[0];
        foreach (KdsErrand errand in _waiting)
        {
            first = Before(errand, first) ? errand : first;
        }

        return first;
    }

    // Not the one for whom the turn was taken: a more urgent one may have come meanwhile. Nobody but this loop makes anyone leave.
    private void Serve()
    {
        lock (_gate)
        {
            KdsErrand first = First();
            _round = Math.Max(_round, first.Place.Round);
            Leave(first, isServed: true);
        }
    }

    private void Leave(KdsErrand errand, bool isServed)
    {
        _waiting.Remove(errand);
        metrics.Pending(lane, -1);
        metrics.Waited(lane, clock.GetElapsedTime(errand.EnteredAt));
        errand.Turn!.TrySetResult(isServed);
    }

    private static bool Before(KdsErrand one, KdsErrand other) => one.Urgency != other.Urgency ? one.Urgency < other.Urgency : one.Place.CompareTo(other.Place) < 0;
}
