using System.Collections;
using SevSnp.Primitives;
using Verifier.Ledger;
using Verifier.Service.Documents;
using Verifier.Service.Registry;

namespace Verifier.Service.Log;

/// <summary>
/// One pass over everything that a store holds of a tenant: each entry against the tree, each resource against its last entry, none
/// missing, none too many, and the tombstones. What changes meanwhile is looked at again, so that only a contradiction is a finding.
/// </summary>
/// <param name="log">What is known of the log.</param>
/// <param name="entries">Where the entries are stored.</param>
/// <param name="contents">Where the resources are stored.</param>
/// <param name="pace">Awaited after each batch with the number of things looked at, so that the pass burdens the store evenly.</param>
internal sealed class TenantAudit(TenantLog log, IChangeLog entries, ITenantContents contents, Func<int, Task> pace)
{
    private const int BatchEntries = 128;
    private const int BatchItems = 100;

    public static IReadOnlyList<string> Collections { get; } =
    [
        "referenceValues", .. new[] { DocumentKind.Policy, DocumentKind.IdentityRule, DocumentKind.Settings, DocumentKind.LiftRequest }.Select(DocumentNames.Collection),
    ];

    /// <summary>The first contradiction; null when there is none.</summary>
    public async Task<LogFault?> RunAsync(CancellationToken cancellation)
    {
        await log.CatchUpAsync(cancellation);
        if (log.Current is not { } state)
        {
            return null;
        }

        // Bits of entries that are the last one of a resource: each must be met.
        BitArray unmet = state.Ask((tree, replay, _) =>
        {
            BitArray bits = new(checked((int)tree.Size));
            foreach (long leaf in replay.LastLeaves)
            {
                bits[(int)leaf] = true;
            }

            return bits;
        });
        return await EntriesAsync(state, unmet.Count, cancellation)
            ?? await ResourcesAsync(unmet, cancellation)
            ?? await UnmetAsync(unmet, cancellation)
            ?? await TombstonesAsync(cancellation);
    }

    private async Task<LogFault?> EntriesAsync(LogState state, long size, CancellationToken cancellation)
    {
        for (long next = 0; next < size;)
        {
            IReadOnlyList<LogLeaf> batch = await entries.ReadAsync(log.Tenant, next, (int)Math.Min(BatchEntries, size - next), cancellation);
            if (batch.Count == 0)
            {
                return Finding($"entry {next} is missing");
            }

            foreach (LogLeaf leaf in batch)
            {
                long index = next++;
                if (leaf.Index != index || TreeHashing.Leaf(leaf.Data.Span) != state.Ask((tree, _, _) => tree.LeafAt(index)))
                {
                    return Finding($"entry {index} is not the one that was signed");
                }
            }

            await pace(batch.Count);
        }

        return null;
    }

    private async Task<LogFault?> ResourcesAsync(BitArray unmet, CancellationToken cancellation)
    {
        foreach (string collection in Collections)
        {
            string? after = null;
            IReadOnlyList<StoredItem> page;
            do
            {
                page = await contents.ReadAsync(log.Tenant, collection, after, BatchItems, cancellation);
                foreach (StoredItem item in page)
                {
                    after = item.Id;
                    if (Leaf(collection, item) is not { } leaf)
                    {
                        leaf = await AgainAsync(collection, item.Id, cancellation) ?? -1;
                    }

                    if (leaf < 0)
                    {
                        return Finding($"{collection}/{item.Id} is not what its last entry left");
                    }

                    if (leaf < unmet.Count)
                    {
                        unmet[(int)leaf] = false;
                    }
                }

                await pace(page.Count);
            }
            while (page.Count == BatchItems);
        }

        return null;
    }

    // What has changed during the pass, or is not there.
    private async Task<LogFault?> UnmetAsync(BitArray unmet, CancellationToken cancellation)
    {
        for (int index = 0; index < unmet.Count; index++)
        {
            if (!unmet[index])
            {
                continue;
            }

            IReadOnlyList<LogLeaf> read = await entries.ReadAsync(log.Tenant, index, 1, cancellation);
            if (read is not [var leaf] || !LogEntry.TryRead(leaf.Data, out LogEntry? entry, out _))
            {
                return Finding($"entry {index} is not the one that was signed");
            }

            string[] name = entry.Resource.Split('/');
            if (await AgainAsync(name[0], name[1], cancellation) is null && Exists(entry.Resource))
            {
                return Finding($"{entry.Resource} is missing, or not what its last entry left");
            }
        }

        return null;
    }

    private async Task<LogFault?> TombstonesAsync(CancellationToken cancellation)
    {
        const int Attempts = 5;
        for (int attempt = 1; ; attempt++)
        {
            long stored = await contents.CountTombstonesAsync(log.Tenant, cancellation);
            await log.CatchUpAsync(cancellation);
            string[] revoked = log.Current?.Ask((_, replay, _) => replay.Revoked.ToArray()) ?? [];
            bool agree = stored == revoked.Length;
            foreach (string[] part in revoked.Chunk(BatchItems))
            {
                Digest384[] digests = [.. part.Select(r => Digest384.TryParse(r, out Digest384 digest) ? digest : default)];
                agree &= (await contents.HaveTombstonesAsync(log.Tenant, digests, cancellation)).All(t => t);
                await pace(part.Length);
            }

            if (agree || attempt == Attempts)
            {
                return agree ? null : Finding($"there are {stored} tombstones, and the log says that {revoked.Length} measurements are revoked");
            }
        }
    }

    // The log may have gone on since: it is followed, and the resource read after that.
    private async Task<long?> AgainAsync(string collection, string id, CancellationToken cancellation)
    {
        const int Attempts = 5;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            StoredItem? item = await contents.GetAsync(log.Tenant, collection, id, cancellation);
            await log.CatchUpAsync(cancellation);
            if (item is not null && Leaf(collection, item) is { } leaf)
            {
                return leaf;
            }
        }

        return null;
    }

    private bool Exists(string resource) => log.Current?.Ask((_, replay, _) => replay.TryGet(resource, out ResourceState state) && state.Exists) ?? false;

    private long? Leaf(string collection, StoredItem item)
    {
        TreeHash hash = LogReplay.Hash(item.Bytes.Span);
        return log.Current?.Ask<long?>((_, replay, _) =>
            replay.TryGet($"{collection}/{item.Id}", out ResourceState state) && state.Exists && state.AfterHash == hash ? state.LeafIndex : null);
    }

    private static LogFault Finding(string what) => new(LogFault.Contradicted, $"audit: {what}");
}
