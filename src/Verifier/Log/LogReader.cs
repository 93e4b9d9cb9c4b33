using Verifier.Ledger;
using Verifier.Service.Registry;

namespace Verifier.Service.Log;

/// <summary>An entry, with the proof that it stands in the tree of a signed head.</summary>
internal sealed record ProvenEntry(ReadOnlyMemory<byte> Entry, InclusionProof Inclusion, SignedTreeHead Head);

/// <summary>A page of entries; <see cref="Next"/> is where the following one begins.</summary>
internal sealed record ChangePage(IReadOnlyList<LogLeaf> Entries, long Next, long Size);

/// <summary>Answers questions about a tenant's log: from what this instance has verified of it, or, for entries, from the store as it is.</summary>
internal sealed class LogReader(LogFollower follower, IChangeLog store)
{
    // Below what a message may have, with the names and numbers around the entries.
    private const int MaxPageBytes = 3 * 1024 * 1024;
    private const int BatchEntries = 256;
    private const int MaxBatches = 40;

    /// <summary>The newest head, null while there is no entry.</summary>
    /// <exception cref="LogRefusedException">The log must not be trusted.</exception>
    public async Task<SignedTreeHead?> HeadAsync(string tenant, CancellationToken cancellation) =>
        (await NewestAsync(tenant, cancellation)).Ask((_, _, head) => head);

    /// <summary>Proves an entry under the newest head; null when there is no such entry.</summary>
    public async Task<ProvenEntry?> ProveAsync(string tenant, long index, CancellationToken cancellation)
    {
        LogState state = await NewestAsync(tenant, cancellation);
        (InclusionProof Proof, SignedTreeHead Head, TreeHash Leaf)? proven = state.Ask<(InclusionProof, SignedTreeHead, TreeHash)?>((tree, _, head) =>
            head is null || index < 0 || index >= head.Head.Size ? null : (tree.ProveInclusion(index, head.Head.Size), head, tree.LeafAt(index)));
        if (proven is not { } found)
        {
            return null;
        }

        IReadOnlyList<LogLeaf> leaves = await store.ReadAsync(tenant, index, 1, cancellation);
        return leaves is [var leaf] && leaf.Index == index && new TreeHash(leaf.LeafHash.Span) == found.Leaf
            ? new ProvenEntry(leaf.Data, found.Proof, found.Head)
            : throw new LogRefusedException(tenant, new LogFault(LogFault.Broken, $"entry {index} is not the one that was followed"));
    }

    /// <summary>Proves that a later size, 0 for that of the newest head, only adds to an earlier one; null when the log was never so long.</summary>
    public async Task<(ConsistencyProof Proof, SignedTreeHead? Head)?> ProveConsistencyAsync(string tenant, long oldSize, long newSize, CancellationToken cancellation)
    {
        LogState state = await NewestAsync(tenant, cancellation);
        return state.Ask<(ConsistencyProof, SignedTreeHead?)?>((tree, _, head) =>
        {
            long size = head?.Head.Size ?? 0;
            long later = newSize == 0 ? size : newSize;
            return later > size || oldSize > later ? null : (tree.ProveConsistency(oldSize, later), head);
        });
    }

    /// <summary>Entries as the store has them, also of a log that must not be trusted: whoever looks for what is wrong needs them.</summary>
    public async Task<ChangePage> ListAsync(string tenant, long first, int count, string? resource, CancellationToken cancellation)
    {
        long size = await store.CountAsync(tenant, cancellation);
        List<LogLeaf> page = [];
        int bytes = 0;
        long next = first;
        for (int batch = 0; batch < MaxBatches && next < size; batch++)
        {
            IReadOnlyList<LogLeaf> read = await store.ReadAsync(tenant, next, resource is null ? Math.Min(count - page.Count, BatchEntries) : BatchEntries, cancellation);
            if (read.Count == 0)
            {
                break;
            }

            foreach (LogLeaf leaf in read)
            {
                bool wanted = resource is null || (LogEntry.TryRead(leaf.Data, out LogEntry? entry, out _) && entry.Resource == resource);
                if (wanted && (page.Count == count || (page.Count > 0 && bytes + leaf.Data.Length > MaxPageBytes)))
                {
                    return new ChangePage(page, next, size);
                }

                if (wanted)
                {
                    page.Add(leaf);
                    bytes += leaf.Data.Length;
                }

                next = leaf.Index + 1;
            }

            if (page.Count == count)
            {
                break;
            }
        }

        return new ChangePage(page, next, size);
    }

    private async Task<LogState> NewestAsync(string tenant, CancellationToken cancellation)
    {
        TenantLog log = follower.Of(tenant);
        await log.CatchUpAsync(cancellation);
        return log.Fault is { } fault
            ? throw new LogRefusedException(tenant, fault)
            : log.Current ?? throw new LogNotLoadedException(tenant);
    }
}
