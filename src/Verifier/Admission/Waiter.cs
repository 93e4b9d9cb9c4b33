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

    /// <summary>Lets it go on, or tells it why not, on another thread than this one's caller is on.</summary>
    /// <param name="refusal">Why not; null: it goes on.</param>
    /// <param name="isNext">Whether it may go on as the next thing where its place was freed, or behind all that the processor has to do already.</param>
    public void Release(Exception? refusal = null, bool isNext = false)
    {
        _refusal = refusal;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: isNext);
    }

    void IThreadPoolWorkItem.Execute() => _ = _refusal is null ? TrySetResult() : TrySetException(_refusal);
}
