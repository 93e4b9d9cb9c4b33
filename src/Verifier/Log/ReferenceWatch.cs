using System.Runtime.CompilerServices;
using Verifier.Ledger;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Log;

/// <summary>A change of a reference value, or, without one, a sign of life.</summary>
/// <param name="Index">The last entry that was looked at; that of the change.</param>
/// <param name="Entry">What the log says of the change.</param>
/// <param name="Value">The value as it was stored from then on.</param>
internal sealed record WatchedChange(long Index, LogEntry? Entry, StoredReferenceValue? Value);

/// <summary>
/// Tells changes as the follower learns of them. Entries are told only once the follower has them under a signed head, and are read from
/// the store for each watcher: a slow one holds no more than a batch.
/// </summary>
internal sealed class ReferenceWatch(LogFollower follower, IChangeLog store, TimeProvider clock)
{
    private const int BatchEntries = 64;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    /// <summary>The changes after an entry, or from now on; ends only by the token or an exception.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="after">The last entry that is known, -1 for none; null: from now on.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="LogRefusedException">The log must not be trusted.</exception>
    /// <exception cref="LogNotLoadedException">The log has not been read to its end yet.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The log has never been so long.</exception>
    public async IAsyncEnumerable<WatchedChange> FollowAsync(string tenant, long? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        TenantLog log = follower.Of(tenant);
        await log.CatchUpAsync(cancellation);
        long next = after is { } known ? known + 1 : Size(log);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(next, Size(log), nameof(after));
        yield return new WatchedChange(next - 1, null, null);
        long told = clock.GetTimestamp();
        while (true)
        {
            Task moved = log.Moved;
            long size = Size(log);
            if (next > size)
            {
                // An operator has accepted a rollback meanwhile.
                throw new LogRefusedException(tenant, new LogFault(LogFault.RolledBack, $"a watcher has seen entry {next - 1}, and the log has {size} entries"));
            }

            while (next < size)
            {
                IReadOnlyList<LogLeaf> batch = await store.ReadAsync(tenant, next, (int)Math.Min(BatchEntries, size - next), cancellation);
                if (batch.Count == 0)
                {
                    throw Broken(tenant, next);
                }

                foreach (LogLeaf leaf in batch)
                {
                    WatchedChange change = Read(log, leaf, next++);
                    if (change.Value is not null || clock.GetElapsedTime(told) >= LongestSilence)
                    {
                        yield return change;
                        told = clock.GetTimestamp();
                    }
                }
            }

            TimeSpan left = LongestSilence - clock.GetElapsedTime(told);
            if (left <= TimeSpan.Zero)
            {
                yield return new WatchedChange(next - 1, null, null);
                told = clock.GetTimestamp();
            }
            else
            {
                await MovedAsync(moved, left, cancellation);
            }
        }
    }

    private async Task MovedAsync(Task moved, TimeSpan longest, CancellationToken cancellation)
    {
        try
        {
            await moved.WaitAsync(longest, clock, cancellation);
        }
        catch (TimeoutException)
        {
            // Nothing has changed: time for a sign of life.
        }
    }

    private static long Size(TenantLog log) => log.Fault is { } fault
        ? throw new LogRefusedException(log.Tenant, fault)
        : (log.Current ?? throw new LogNotLoadedException(log.Tenant)).Ask((_, _, head) => head?.Head.Size ?? 0);

    private static WatchedChange Read(TenantLog log, LogLeaf leaf, long index)
    {
        TreeHash? followed = log.Current?.Ask<TreeHash?>((tree, _, _) => index < tree.Size ? tree.LeafAt(index) : null);
        if (leaf.Index != index || followed != new TreeHash(leaf.LeafHash.Span) || !LogEntry.TryRead(leaf.Data, out LogEntry? entry, out _))
        {
            throw Broken(log.Tenant, index);
        }

        return entry.Resource.StartsWith(ReferenceNames.ResourcePrefix, StringComparison.Ordinal) && !entry.After.IsEmpty
            ? new WatchedChange(index, entry, RecordCodec.DecodeValue(entry.After.Span, log.Tenant, entry.Resource[ReferenceNames.ResourcePrefix.Length..]))
            : new WatchedChange(index, null, null);
    }

    private static LogRefusedException Broken(string tenant, long index) =>
        new(tenant, new LogFault(LogFault.Broken, $"entry {index} is not the one that was followed"));
}
