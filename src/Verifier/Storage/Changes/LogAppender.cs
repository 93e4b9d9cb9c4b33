using Verifier.Ledger;
using Verifier.Service.Log;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Changes;

/// <summary>What a change adds to the log: the entry with its place and leaf hash, and the head that covers it.</summary>
internal sealed record LogAppend(long Index, byte[] Entry, byte[] LeafHash, byte[] Head);

/// <summary>
/// Makes the next head of a tenant's log from the one that is stored, which has the frontier of the tree. A head that no key of ours has
/// signed is never continued, and nothing is signed that the log, as it was followed, does not allow.
/// </summary>
internal sealed class LogAppender(Func<LogKeyRing> load, Func<ILogWitness> witness) : IDisposable
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(250);

    private readonly Lock _signing = new();
    private LogKeyRing? _keys;

    /// <summary>Call it once per change that is going to be written, with the head and the number of entries as they stand.</summary>
    /// <exception cref="LogBehindException">The log is to be read on first, by <see cref="CatchUpAsync"/>.</exception>
    /// <exception cref="LogRefusedException">The entry contradicts the log.</exception>
    public LogAppend Append(string tenant, byte[]? currentHead, long entries, LogEntry entry)
    {
        lock (_signing)
        {
            // A key that cannot be read now may be readable at the next change.
            LogKeyRing keys = _keys ??= load();
            (TreeFrontier before, DateTimeOffset latest) = Before(keys, tenant, currentHead, entries);
            if (entry.At < latest - LogReplay.ClockTolerance)
            {
                // Written, it would make the whole log one that does not hold together.
                throw new Registry.StoreUnavailableException($"The clock of this service is behind the log of tenant '{tenant}', whose last change is of {latest:O}.");
            }

            if (!witness().Allows(tenant, currentHead, entry))
            {
                throw new LogBehindException();
            }

            byte[] bytes = entry.Encode();
            TreeHash leaf = TreeHashing.Leaf(bytes);
            TreeFrontier after = before.Append(leaf);
            return new LogAppend(before.Size, bytes, leaf.ToArray(), StoredHead.Sign(keys.Signer, tenant, after, Later(latest, entry.At)).Encode());
        }
    }

    /// <summary>
    /// After a change: lets the witness see it, so that a store which goes back behind it is noticed even by the very next change. The change
    /// is made and durable; whether this succeeds does not alter that.
    /// </summary>
    public async Task WrittenAsync(string tenant) =>
        await witness().CatchUpAsync(tenant, CancellationToken.None).WaitAsync(LongestLook).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Lets the witness read the log to its end.</summary>
    public Task CatchUpAsync(string tenant, CancellationToken cancellation) => witness().CatchUpAsync(tenant, cancellation);

    public void Dispose() => _keys?.Dispose();

    // A head is never of an earlier time than any entry before it, so that the next writer need not look at those.
    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static (TreeFrontier Frontier, DateTimeOffset Latest) Before(LogKeyRing keys, string tenant, byte[]? currentHead, long entries)
    {
        if (currentHead is null)
        {
            return entries == 0 ? (TreeFrontier.Empty, DateTimeOffset.UnixEpoch) : throw Unfit(tenant, $"it has {entries} entries and no signed head; an early version of this service made it");
        }

        if (!StoredHead.TryRead(currentHead, out StoredHead? head) || head.SignedHead.Head.Tenant != tenant)
        {
            throw Unfit(tenant, "its head is damaged");
        }

        if (keys.Verifier.Check(head.SignedHead) != HeadCheck.Valid)
        {
            throw Unfit(tenant, $"its head is signed by the key {head.SignedHead.KeyId}, which is neither Log:KeyFile nor one of Log:TrustedKeyFiles, or its signature does not hold");
        }

        return head.SignedHead.Head.Size == entries
            ? (head.Frontier, head.SignedHead.Head.Time)
            : throw Unfit(tenant, $"it has {entries} entries, and its head covers {head.SignedHead.Head.Size}");
    }

    private static Registry.StoreUnfitException Unfit(string tenant, string why) => RecordCodec.Unfit($"log of tenant '{tenant}'", why);
}
