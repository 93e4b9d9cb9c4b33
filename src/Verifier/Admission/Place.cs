namespace Verifier.Service.Admission;

/// <summary>
/// The right to use the processor, of one call or one item of a stream. While the call waits for others it has none, so that work is done
/// meanwhile. Given back by disposing it, however the call ends.
/// </summary>
internal sealed class Place : IDisposable
{
    private readonly WorkPlaces? _places;
    private int _isOver;

    public Place(WorkPlaces? places, Claimant claimant) => (_places, Claimant) = (places, claimant);

    /// <summary>Of work that nobody waits for at the door: tests, and what the service does for itself.</summary>
    public static Place None { get; } = new(null, default);

    public Claimant Claimant { get; }

    /// <summary>Everything below changes under the lock of <see cref="WorkPlaces"/> only.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Whether it is the lane's own, and none of the shared ones.</summary>
    public bool IsOwn { get; set; }

    /// <summary>Since when it is held.</summary>
    public long HeldSince { get; set; }

    /// <summary>Time in the place, before <see cref="HeldSince"/>.</summary>
    public TimeSpan InPlace { get; set; }

    /// <summary>Since when it was held for the first time.</summary>
    public long Begun { get; set; }

    /// <summary>Time that tells nothing of how long such a call takes: waits for places and for AMD's key service.</summary>
    public TimeSpan Apart { get; set; }

    /// <summary>Where it stands among those that are held.</summary>
    public int Index { get; set; }

    /// <summary>Awaits something quick, such as the registry, without a place; what was begun is then gone on with before anything new.</summary>
    public ValueTask<T> OutsideAsync<T>(Task<T> task, CancellationToken cancellation) => OutsideAsync(task, false, cancellation);

    /// <summary>Awaits AMD's key service without a place. Many may wait for one answer: they come back in turns like all others.</summary>
    public ValueTask<T> FarOutsideAsync<T>(Task<T> task, CancellationToken cancellation) => OutsideAsync(task, true, cancellation);

    public void Dispose()
    {
        if (_places is not null && Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _places.End(this);
        }
    }

    private ValueTask<T> OutsideAsync<T>(Task<T> task, bool isFar, CancellationToken cancellation) =>
        task.IsCompleted || _places is null ? new ValueTask<T>(task) : AwaitAsync(_places, task, isFar, cancellation);

    private async ValueTask<T> AwaitAsync<T>(WorkPlaces places, Task<T> task, bool isFar, CancellationToken cancellation)
    {
        long left = places.Suspend(this);
        T result = await task;
        await places.ResumeAsync(this, left, isFar, cancellation);
        return result;
    }
}
