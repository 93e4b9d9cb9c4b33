namespace Verifier.Service.Admission;

/// <summary>For whom a place is wanted.</summary>
/// <param name="Lane">What for.</param>
/// <param name="Tenant">The tenant that the call names.</param>
/// <param name="Identity">Who calls: a verified identity, or else an address.</param>
internal readonly record struct Claimant(Lane Lane, string Tenant, string Identity);

/// <summary>A call that waits for a place. Everything but the task changes under the lock of <see cref="WorkPlaces"/> only.</summary>
/// <param name="place">What is waited for.</param>
/// <param name="mayBeRefused">Whether it is a new call; one that has been worked on, or an item of a stream, waits as long as it lives.</param>
/// <param name="since">When it began to wait.</param>
internal sealed class Waiter(Place place, bool mayBeRefused, long since) : TaskCompletionSource, IThreadPoolWorkItem
{
    private Exception? _refusal;

    public Place Place { get; } = place;

    public bool MayBeRefused { get; } = mayBeRefused;

    public long Since { get; } = since;

    /// <summary>Served later than this, it could not end in time; never, where nothing is known of that.</summary>
    public long LatestStart { get; init; } = long.MaxValue;

    /// <summary>Where it stands; null once it does not wait any more.</summary>
    public LinkedListNode<Waiter>? Node { get; set; }

    /// <summary>
    /// Lets it go on, or tells it why not, behind all that the processor has to do already. Whatever goes on by itself comes next on the same thread, and the one
    /// after it, as long as calls wait: answers, refusals and what comes in would stand still behind them.
    /// </summary>
    public void Release(Exception? refusal = null)
    {
        _refusal = refusal;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = _refusal is null ? TrySetResult() : TrySetException(_refusal);
}
