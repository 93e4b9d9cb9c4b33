using SevSnp.Primitives;
using StackExchange.Redis;
using Verifier.Ledger;
using Verifier.Service.Documents;
using Verifier.Service.Log.Copies;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// A copy into Redis, in many transactions. A mark tells whose import is under way, and each transaction holds it; entries stand in the
/// log before the head does, so that until the last transaction no change is made, and nothing that is found agrees with the log. Each
/// entry comes together with what it left stored: by the entries there are, the next import takes away what was broken off.
/// </summary>
internal sealed class RedisImport(RedisCalls calls, RedisChangeLog log, RedisContents contents, RedisKeys keys) : ITenantImport
{
    private const int BatchItems = 64;
    private const int BatchBytes = 1 << 20;

    public async Task<bool> ImportAsync(string tenant, byte[] head, IEnumerable<CopyItem> items, CancellationToken cancellation)
    {
        string run = Guid.NewGuid().ToString("n");
        if (!await BeginAsync(tenant, run, cancellation))
        {
            return false;
        }

        long entries = 0;
        foreach (List<CopyItem> batch in Batches(items))
        {
            await StepAsync(tenant, run, entries, t => batch.SelectMany(i => Queue(t, tenant, i)), cancellation);
            entries += batch.Count(i => i.Entry is not null);
        }

        await StepAsync(tenant, run, entries, t => [t.StringSetAsync(keys.Head(tenant), head), t.KeyDeleteAsync(keys.Import(tenant))], cancellation, isLast: true);
        return true;
    }

    private RedisKey[] Roots(string tenant) =>
    [
        keys.Log(tenant), keys.Ids(tenant), keys.Tombstones(tenant), keys.Lifted(tenant), keys.NearDigests(tenant),
        .. Enum.GetValues<DocumentKind>().Where(k => k != DocumentKind.Unspecified).Select(k => keys.DocumentIds(tenant, k)),
    ];

    private async Task<bool> BeginAsync(string tenant, string run, CancellationToken cancellation)
    {
        Condition[] empty = [.. Roots(tenant).Append(keys.Head(tenant)).Append(keys.Import(tenant)).Select(Condition.KeyNotExists)];
        if (await TryAsync(tenant, empty, t => [t.StringSetAsync(keys.Import(tenant), run)], cancellation))
        {
            return true;
        }

        RedisValue other = await calls.OnceAsync(tenant, db => db.StringGetAsync(keys.Import(tenant), CommandFlags.DemandMaster), cancellation);
        Condition[] brokenOff = [Condition.KeyNotExists(keys.Head(tenant)), Condition.StringEqual(keys.Import(tenant), other)];
        if (other.IsNull || !await TryAsync(tenant, brokenOff, t => [t.StringSetAsync(keys.Import(tenant), run)], cancellation))
        {
            return false;
        }

        await CleanAsync(tenant, run, cancellation);
        return true;
    }

    /// <summary>The log goes last: as long as it is there, cleaning can be begun again.</summary>
    private async Task CleanAsync(string tenant, string run, CancellationToken cancellation)
    {
        long entries = await log.CountAsync(tenant, cancellation);
        for (long index = 0; index < entries;)
        {
            IReadOnlyList<LogLeaf> batch = await log.ReadAsync(tenant, index, BatchItems, cancellation);
            RedisKey[] left = [.. batch.SelectMany(l => LogEntry.TryRead(l.Data, out LogEntry? entry, out _) ? Left(EntryEffects.Of(entry)) : []).Distinct()];
            await StepAsync(tenant, run, entries, t => left.Select(k => t.KeyDeleteAsync(k)), cancellation);
            index += Math.Max(1, batch.Count);
        }

        for (Digest384? after = null; await contents.ReadNearAsync(tenant, after, BatchItems, cancellation) is { Count: > 0 } page; after = page[^1].Digest)
        {
            await StepAsync(tenant, run, entries, t => page.Select(n => n.Digest).Distinct().Select(d => t.KeyDeleteAsync(keys.Near(tenant, d))), cancellation);
        }

        await StepAsync(tenant, run, entries, t => Roots(tenant).Select(k => t.KeyDeleteAsync(k)), cancellation);
    }

    private IEnumerable<RedisKey> Left(EntryEffects effects) => effects switch
    {
        { Value: { } v } =>
        [
            keys.Value(v.Tenant, v.Id),
            .. v.Value.Measurements.Select(m => keys.Measurement(v.Tenant, m.Digest)),
            .. v.Signers.Select(s => keys.Signer(v.Tenant, s)),
        ],
        { Document: { } d } => [keys.Document(d.Tenant, d.Kind, d.Id), keys.DocumentVersion(d.Tenant, d.Kind, d.Id, d.Version)],
        _ => [],
    };

    private IEnumerable<Task> Queue(ITransaction transaction, string tenant, CopyItem item)
    {
        if (item.Near is { } body)
        {
            StoredNear near = RecordCodec.DecodeNear(body, tenant);
            return RedisChanges.Put(transaction, keys, tenant, near.Variant.Digest, body);
        }

        byte[] bytes = item.Entry!;
        EntryEffects effects = LogEntry.TryRead(bytes, out LogEntry? entry, out _) ? EntryEffects.Of(entry) : throw new ArgumentException("Not a verified copy.", nameof(item));
        Task push = transaction.ListRightPushAsync(keys.Log(tenant), RedisChangeLog.Frame(new LogAppend(0, bytes, TreeHashing.Leaf(bytes).ToArray(), [])));
        return effects switch
        {
            { Value: { } value } =>
                [push, .. RedisChanges.Put(transaction, keys, value, effects.Body), .. effects.Tombstones.SelectMany(t => RedisChanges.Put(transaction, keys, tenant, t))],
            _ => [push, .. RedisDocumentStore.Put(transaction, keys, effects.Document!, effects.Body, effects.Lifted)],
        };
    }

    private async Task StepAsync(string tenant, string run, long entries, Func<ITransaction, IEnumerable<Task>> queue, CancellationToken cancellation, bool isLast = false)
    {
        Condition[] mine = [Condition.StringEqual(keys.Import(tenant), run), Condition.KeyNotExists(keys.Head(tenant)), Condition.ListLengthEqual(keys.Log(tenant), entries)];
        if (!await TryAsync(tenant, mine, queue, cancellation, isLast))
        {
            throw new StoreUnavailableException($"Another import of tenant '{tenant}', or a change, came between; begin again.");
        }
    }

    private Task<bool> TryAsync(string tenant, Condition[] conditions, Func<ITransaction, IEnumerable<Task>> queue, CancellationToken cancellation, bool isLast = false) => calls.ChangeAsync(
        tenant,
        async (db, _, _) =>
        {
            ITransaction transaction = db.CreateTransaction();
            foreach (Condition condition in conditions)
            {
                transaction.AddCondition(condition);
            }

            List<Task> writes = [.. queue(transaction)];
            bool applied = await transaction.ExecuteAsync(CommandFlags.DemandMaster);
            if (applied)
            {
                await RedisWriter.AllWrittenAsync(tenant, "an import", writes);
            }

            return applied;
        },
        applied => applied && isLast,
        cancellation);

    private static IEnumerable<List<CopyItem>> Batches(IEnumerable<CopyItem> items)
    {
        List<CopyItem> batch = [];
        long bytes = 0;
        foreach (CopyItem item in items)
        {
            batch.Add(item);
            bytes += item.Entry?.Length ?? item.Near!.Length;
            if (batch.Count == BatchItems || bytes >= BatchBytes)
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
