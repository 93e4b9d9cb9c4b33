using Microsoft.Extensions.Options;

namespace Verifier.Service.Admission;

/// <summary>
/// Who may use the processor. There are about as many places as cores, shared by all lanes, and one more for each lane, so that none
/// stands still. A new call that finds none waits in a short queue or is refused; one that was begun always goes on.
/// </summary>
internal sealed class WorkPlaces : IDisposable
{
    private const int LongestQueue = 4096;
    private const int LongestWaitInQueues = 5;

    // Of those whose turn comes, all but every fourth go on at once where the place was freed, which is quickest. If all of them did, whatever comes in and goes
    // out would stand still behind them as long as calls wait; if none did, a fifth fewer would be served.
    private const int InARow = 4;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    // Whoever holds a place for so long waits for something, whatever it is.
    private static readonly TimeSpan LongestHold = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _queueTime;
    private readonly PlaceCounts _counts;
    private readonly FairQueue[] _queues = [.. Enumerable.Range(0, Lanes.Count).Select(_ => new FairQueue())];
    private readonly ServiceTimes[] _times;
    private readonly List<Place> _held = [];
    private readonly Pressure _pressure;
    private readonly AdmissionMetrics _metrics;
    private readonly ITimer _timer;
    private int _waiting;
    private int _granted;
    private bool _isLooking;

    public WorkPlaces(IOptions<AdmissionOptions> options, AdmissionMetrics metrics, TimeProvider clock)
    {
        _clock = clock;
        _metrics = metrics;
        _queueTime = options.Value.QueueTime;
        _counts = new PlaceCounts(options.Value.Places);
        _times = [.. Enumerable.Range(0, Lanes.Count).Select(_ => new ServiceTimes(clock))];
        _pressure = new Pressure(clock, Random.Shared);
        _timer = clock.CreateTimer(_ => LookAfter(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Places in use.</summary>
    public int InUse
    {
        get
        {
            lock (_lock)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>Who waits.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting;
            }
        }
    }

    /// <summary>Who waits in one lane.</summary>
    public int WaitingIn(Lane lane)
    {
        lock (_lock)
        {
            return _queues[(int)lane].Count;
        }
    }

    /// <summary>Whether a new call would be refused, before anything of it was read; null: it would not, as things stand.</summary>
    /// <param name="lane">What for.</param>
    /// <param name="caller">Who calls, as far as can be told already.</param>
    /// <param name="left">What is left of its deadline; null when it has none.</param>
    /// <param name="onTheWay">Calls that were let in before it and have not come to this lane's queue yet.</param>
    public Refusal? WouldRefuse(Lane lane, string caller, TimeSpan? left, OnTheWay onTheWay = default)
    {
        lock (_lock)
        {
            // A fresh process does not know how quickly those on their way are done with, and nobody need wait for them.
            FairQueue queue = _queues[(int)lane];
            onTheWay = queue.Calls > 0 || _times[(int)lane].IsKnown ? onTheWay : default;
            int room = queue.Calls + onTheWay.All == 0 ? int.MaxValue : MostCalls(lane) - queue.Calls - onTheWay.All;
            return room <= 0 ? Refuse(RefusalReason.Overloaded)
                : queue.CallsBy(caller) + onTheWay.OfCaller >= room ? Refuse(RefusalReason.CallerShare)
                : left is { } time && Untimely(lane, time, queue.Calls) is { } reason ? Refuse(reason)
                : null;
        }
    }

    /// <summary>Counts a call as refused for a reason that was found elsewhere, and tells when to come back.</summary>
    public Refusal RefuseFor(RefusalReason reason)
    {
        lock (_lock)
        {
            return Refuse(reason);
        }
    }

    /// <summary>A place for a new call; waits in the queue for one where it may.</summary>
    /// <exception cref="NotAdmittedException">There is too much to do.</exception>
    public ValueTask<Place> EnterAsync(Claimant claimant, TimeSpan? left, CancellationToken cancellation) => EnterAsync(claimant, left, true, cancellation);

    /// <summary>A place for an item of a stream, which is not refused: nothing more is read of its stream as long as it waits.</summary>
    public ValueTask<Place> WaitAsync(Claimant claimant, CancellationToken cancellation) => EnterAsync(claimant, null, false, cancellation);

    /// <summary>The call waits for others and gives its place up meanwhile.</summary>
    /// <returns>When that was.</returns>
    public long Suspend(Place place)
    {
        lock (_lock)
        {
            long now = _clock.GetTimestamp();
            LetGo(place, now);
            GrantAll(now);
            return now;
        }
    }

    /// <summary>The call goes on.</summary>
    public ValueTask ResumeAsync(Place place, long suspendedAt, bool isFar, CancellationToken cancellation)
    {
        Waiter waiter;
        lock (_lock)
        {
            long now = _clock.GetTimestamp();
            if (isFar)
            {
                place.Apart += _clock.GetElapsedTime(suspendedAt, now);
            }

            // Not past those of its own lane who wait for a turn as it would.
            if ((!isFar || _queues[(int)place.Claimant.Lane].Count == 0) && TryTake(place, now))
            {
                return ValueTask.CompletedTask;
            }

            waiter = new Waiter(place, false, now);
            Enqueue(waiter, isFirst: !isFar);
        }

        return new ValueTask(WaitAsync(waiter, cancellation));
    }

    /// <summary>The call is over.</summary>
    public void End(Place place)
    {
        lock (_lock)
        {
            long now = _clock.GetTimestamp();
            LetGo(place, now);
            _times[(int)place.Claimant.Lane].Add(place.InPlace, _clock.GetElapsedTime(place.Begun, now) - place.Apart, now);
            GrantAll(now);
        }
    }

    public void Dispose() => _timer.Dispose();

    private ValueTask<Place> EnterAsync(Claimant claimant, TimeSpan? left, bool isCall, CancellationToken cancellation)
    {
        Place place = new(this, claimant);
        Waiter waiter;
        lock (_lock)
        {
            long now = _clock.GetTimestamp();
            FairQueue queue = _queues[(int)claimant.Lane];
            if (queue.Count == 0 && TryTake(place, now))
            {
                _pressure.Admitted(now);
                return new ValueTask<Place>(place);
            }

            if (isCall && (OverShare(queue, claimant) ?? (left is { } time ? Untimely(claimant.Lane, time, queue.Calls) : null)) is { } reason)
            {
                throw new NotAdmittedException(Refuse(reason));
            }

            waiter = new Waiter(place, isCall, now) { LatestStart = isCall ? LatestStart(claimant.Lane, now, left) : long.MaxValue };
            Enqueue(waiter, isFirst: false);
        }

        return new ValueTask<Place>(WaitForAsync(waiter, cancellation));
    }

    private async Task<Place> WaitForAsync(Waiter waiter, CancellationToken cancellation)
    {
        await WaitAsync(waiter, cancellation);
        return waiter.Place;
    }

    private async Task WaitAsync(Waiter waiter, CancellationToken cancellation)
    {
        using CancellationTokenRegistration leaving = cancellation.UnsafeRegister(static (state, token) => ((Leaving)state!).Now(token), new Leaving(this, waiter));
        await waiter.Task;
        if (cancellation.IsCancellationRequested)
        {
            // It got a place and was gone already: nobody else would give it back.
            waiter.Place.Dispose();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void Leave(Waiter waiter, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (waiter.Node is null)
            {
                return;
            }

            Dequeued(waiter, _clock.GetTimestamp());
        }

        waiter.Release(new OperationCanceledException(cancellation));
    }

    private bool TryTake(Place place, long now)
    {
        if (!_counts.TryTake(place.Claimant.Lane, out bool isOwn))
        {
            return false;
        }

        (place.IsHeld, place.IsOwn, place.HeldSince, place.Index) = (true, isOwn, now, _held.Count);
        place.Begun = place.Begun == 0 ? now : place.Begun;
        _held.Add(place);
        return true;
    }

    private void LetGo(Place place, long now)
    {
        if (!place.IsHeld)
        {
            return;
        }

        place.IsHeld = false;
        place.InPlace += _clock.GetElapsedTime(place.HeldSince, now);
        _counts.Return(place.Claimant.Lane, place.IsOwn);
        Place last = _held[^1];
        (_held[place.Index], last.Index) = (last, place.Index);
        _held.RemoveAt(_held.Count - 1);
    }

    private void GrantAll(long now)
    {
        for (int lane = 0; lane < Lanes.Count && _waiting > 0; lane++)
        {
            while (_queues[lane].Count > 0 && _counts.MayTake((Lane)lane))
            {
                Waiter next = _queues[lane].Next()!;
                Dequeued(next, now);
                if (now > next.LatestStart)
                {
                    next.Release(new NotAdmittedException(Refuse(RefusalReason.Overloaded)));
                    continue;
                }

                TryTake(next.Place, now);
                if (next.MayBeRefused)
                {
                    _pressure.Admitted(now);
                }

                _granted = (_granted + 1) % InARow;
                next.Release(isNext: _granted != 0);
            }
        }
    }

    private void Enqueue(Waiter waiter, bool isFirst)
    {
        FairQueue queue = _queues[(int)waiter.Place.Claimant.Lane];
        if (isFirst)
        {
            queue.AddFirst(waiter);
        }
        else
        {
            queue.Add(waiter);
        }

        _waiting++;
        if (!_isLooking)
        {
            _isLooking = true;
            _timer.Change(Look, Look);
        }
    }

    private void Dequeued(Waiter waiter, long now)
    {
        Lane lane = waiter.Place.Claimant.Lane;
        _queues[(int)lane].Remove(waiter);
        _waiting--;
        TimeSpan waited = _clock.GetElapsedTime(waiter.Since, now);
        waiter.Place.Apart += waiter.Place.Begun == 0 ? TimeSpan.Zero : waited;
        _metrics.Waited(lane, waited);
    }

    // While somebody waits: who cannot be served in time leaves, and who holds a place and does nothing with it loses it.
    private void LookAfter()
    {
        lock (_lock)
        {
            if (_waiting == 0)
            {
                _isLooking = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            long now = _clock.GetTimestamp();
            foreach (Waiter late in _queues.SelectMany(q => q.Late(now)).ToArray())
            {
                Dequeued(late, now);
                late.Release(new NotAdmittedException(Refuse(RefusalReason.Overloaded)));
            }

            foreach (Place idle in _held.Where(p => _clock.GetElapsedTime(p.HeldSince, now) > LongestHold).ToArray())
            {
                LetGo(idle, now);
            }

            GrantAll(now);
        }
    }

    private Refusal Refuse(RefusalReason reason) => new(reason, _pressure.Refused(_clock.GetTimestamp()));

    private int MostCalls(Lane lane)
    {
        double most = _queueTime * lane.QueueFactor() * _counts.MostOf(lane) / _times[(int)lane].MeanInPlace;
        return (int)Math.Clamp(most, 2 * _counts.MostOf(lane), LongestQueue);
    }

    // Nobody has more of the queue than is left of it for others; all callers of a tenant together, not more than three times as much.
    private RefusalReason? OverShare(FairQueue queue, Claimant claimant)
    {
        int room = MostCalls(claimant.Lane) - queue.Calls;
        return room <= 0 ? RefusalReason.Overloaded
            : queue.CallsBy(claimant.Identity) >= room ? RefusalReason.CallerShare
            : queue.CallsOf(claimant.Tenant) >= 3 * room ? RefusalReason.TenantShare
            : null;
    }

    private RefusalReason? Untimely(Lane lane, TimeSpan left, int waiting)
    {
        ServiceTimes times = _times[(int)lane];
        TimeSpan needed = times.NinthDecile(_clock.GetTimestamp());
        return left < needed ? RefusalReason.DeadlineTooShort
            : needed > TimeSpan.Zero && left < needed + (times.MeanInPlace * waiting / _counts.MostOf(lane)) ? RefusalReason.Overloaded
            : null;
    }

    private long LatestStart(Lane lane, long now, TimeSpan? left)
    {
        TimeSpan most = _queueTime * lane.QueueFactor() * LongestWaitInQueues;
        TimeSpan timely = left is { } time ? time - _times[(int)lane].NinthDecile(now) : most;
        return now + (long)((timely < most ? timely : most).TotalSeconds * _clock.TimestampFrequency);
    }

    private sealed class Leaving(WorkPlaces places, Waiter waiter)
    {
        public void Now(CancellationToken cancellation) => places.Leave(waiter, cancellation);
    }
}
