namespace Verifier.Service.Kds;

/// <summary>
/// An instance that agrees with nobody: the only one on its store, or cut off from it. Its own single flight is lease enough.
/// Measured on the monotonic clock.
/// </summary>
internal sealed class LoneInstance(TimeProvider clock) : IKdsFleet
{
    private readonly KdsPause _pause = new(clock);
    private readonly long _start = clock.GetTimestamp();
    private readonly Dictionary<KdsLane, List<TimeSpan>> _taken = [];
    private readonly Lock _gate = new();

    public TimeSpan PauseLeft => _pause.Remaining;

    public Task<KdsLease> TryLeaseAsync(string key, string holder, TimeSpan life, CancellationToken cancellation) => Task.FromResult(new KdsLease(IsOurs: true, null));

    public Task RenewLeaseAsync(string key, TimeSpan life, CancellationToken cancellation) => Task.CompletedTask;

    public Task EndLeaseAsync(string key, string? mark, TimeSpan life, CancellationToken cancellation) => Task.CompletedTask;

    public Task<TimeSpan> TryTakeTurnAsync(KdsLane lane, TimeSpan spacing, CancellationToken cancellation)
    {
        lock (_gate)
        {
            TimeSpan now = clock.GetElapsedTime(_start);
            if (!_taken.TryGetValue(lane, out List<TimeSpan>? taken))
            {
                _taken[lane] = taken = [];
            }

            taken.RemoveAll(until => until <= now);
            if (taken.Count >= lane.Places())
            {
                return Task.FromResult(taken.Min() - now);
            }

            taken.Add(now + (spacing * lane.Places()));
            return Task.FromResult(TimeSpan.Zero);
        }
    }

    public Task<TimeSpan> PauseLeftAsync(CancellationToken cancellation) => Task.FromResult(_pause.Remaining);

    public Task PauseAsync(TimeSpan length, CancellationToken cancellation)
    {
        _pause.Extend(length);
        return Task.CompletedTask;
    }
}
