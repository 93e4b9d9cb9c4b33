using SevSnp.Primitives;
using StackExchange.Redis;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Redis;

/// <summary>Documents in Redis, always read from the primary.</summary>
internal sealed class RedisDocumentStore(RedisCalls calls, RedisWriter writer, RedisKeys keys) : IDocumentStore
{
    private const CommandFlags Primary = CommandFlags.DemandMaster;

    private readonly RedisDocumentRecall _recall = new();

    public Task<StoredDocument?> GetAsync(string tenant, DocumentKind kind, string id, CancellationToken cancellation) => calls.OnceAsync(
        tenant,
        async db => Current(await db.StringGetAsync(keys.Document(tenant, kind, id), Primary), tenant, kind, id), cancellation);

    public Task<IReadOnlyList<StoredDocument?>> GetManyAsync(string tenant, IReadOnlyList<(DocumentKind Kind, string Id)> names, CancellationToken cancellation) =>
        calls.OnceAsync<IReadOnlyList<StoredDocument?>>(
            tenant,
            async db =>
            {
                RedisValue[] bodies = await db.StringGetAsync([.. names.Select(n => keys.Document(tenant, n.Kind, n.Id))], Primary);
                StoredDocument?[] documents = new StoredDocument?[bodies.Length];
                for (int i = 0; i < documents.Length; i++)
                {
                    (DocumentKind kind, string id) = names[i];
                    documents[i] = bodies[i].IsNull ? null : Shown(_recall.Decode(bodies[i], tenant, kind, id));
                }

                return documents;
            },
            cancellation);

    public Task<StoredDocument?> GetVersionAsync(string tenant, DocumentKind kind, string id, long version, CancellationToken cancellation) => calls.OnceAsync(
        tenant,
        async db =>
        {
            RedisValue body = await db.StringGetAsync(keys.DocumentVersion(tenant, kind, id, version), Primary);
            return body.IsNull ? null : Shown(DocumentCodec.DecodeVersion(RedisQueries.Bytes(body), tenant, kind, id, version));
        },
        cancellation);

    public Task<IReadOnlyList<StoredDocument>> ListAsync(string tenant, DocumentKind kind, CancellationToken cancellation) => calls.OnceAsync<IReadOnlyList<StoredDocument>>(
        tenant,
        async db =>
        {
            string[] ids = [.. (await db.SortedSetRangeByRankAsync(keys.DocumentIds(tenant, kind), 0, -1, Order.Ascending, Primary)).Select(v => RedisQueries.Id(v, tenant))];
            RedisValue[] bodies = ids.Length == 0 ? [] : await db.StringGetAsync([.. ids.Select(id => keys.Document(tenant, kind, id))], Primary);
            return [.. ids.Zip(bodies, (id, body) => Current(Present(body, tenant, kind, id), tenant, kind, id)).OfType<StoredDocument>()];
        },
        cancellation);

    public Task<DocumentOutcome> ChangeAsync(DocumentChange change, RequestKey? request, CancellationToken cancellation) => writer.RunAsync(
        change.Tenant,
        async (db, written) =>
        {
            (FoundDocument found, RedisLogView? log) = await ReadAsync(db, change, request);
            switch (DocumentPlanner.Plan(change, request, found))
            {
                case DocumentPlan.Answer answer:
                    return answer.Outcome;
                case DocumentPlan.Apply apply:
                    string what = $"document {DocumentNames.Resource(change.Kind, change.Id)}";
                    return change.ValidateOnly || await writer.TryWriteAsync(db, written, change.Tenant, what, log, apply.Entry, t => Queue(t, apply, change.Lifts, request))
                        ? new DocumentOutcome.Done(apply.Told)
                        : null;
                default:
                    throw new NotSupportedException("There is no other plan.");
            }
        },
        outcome => outcome is DocumentOutcome.Done && !change.ValidateOnly,
        cancellation);

    /// <summary>One round trip.</summary>
    private async Task<(FoundDocument Found, RedisLogView? Log)> ReadAsync(IDatabase db, DocumentChange change, RequestKey? request)
    {
        RedisKey documentKey = keys.Document(change.Tenant, change.Kind, change.Id);
        RedisKey? requestKey = request is null ? (RedisKey?)null : keys.Request(change.Tenant, request.RequestId);
        Task<RedisValue> reading = db.StringGetAsync(documentKey, Primary);
        Task<RedisValue[]> listing = db.SortedSetRangeByRankAsync(keys.DocumentIds(change.Tenant, change.Kind), 0, -1, Order.Ascending, Primary);
        Task<RedisValue> marking = change.Lifts is { } revoked
            ? db.HashGetAsync(keys.Tombstones(change.Tenant), revoked.ToString(), Primary)
            : Task.FromResult(RedisValue.Null);
        Task<RedisLogView?> logging = RedisLogView.ReadAsync(db, keys, change.Tenant);
        // The record of the request comes last: whoever sees what a first try of it wrote must see that it was this request.
        Task<RedisValue> recording = requestKey is { } key ? db.StringGetAsync(key, Primary) : Task.FromResult(RedisValue.Null);
        await Task.WhenAll(reading, listing, marking, logging, recording);

        RedisValue body = await reading, recorded = await recording;
        byte[] bytes = RedisQueries.Bytes(body);
        FoundDocument found = new(
            recorded.IsNull ? null : RecordCodec.DecodeRequest(RedisQueries.Bytes(recorded), change.Tenant, request!.RequestId),
            body.IsNull ? null : DocumentCodec.Decode(bytes, change.Tenant, change.Kind, change.Id),
            bytes,
            (await listing).Length)
        {
            IsRevoked = !(await marking).IsNull,
        };
        if (await logging is not { } log)
        {
            return (found, null);
        }

        List<Condition> conditions = [.. log.StillHolds, body.IsNull ? Condition.KeyNotExists(documentKey) : Condition.StringEqual(documentKey, body)];
        if (requestKey is { } unused)
        {
            conditions.Add(Condition.KeyNotExists(unused));
        }

        if (change.Lifts is { } lifts && found.IsRevoked)
        {
            conditions.Add(Condition.HashEqual(keys.Tombstones(change.Tenant), lifts.ToString(), await marking));
        }

        return (found, log with { StillHolds = conditions });
    }

    private IEnumerable<Task> Queue(ITransaction transaction, DocumentPlan.Apply plan, Digest384? lifts, RequestKey? request)
    {
        StoredDocument document = plan.Kept.Document;
        foreach (Task write in Put(transaction, keys, document, plan.Body, lifts is { } lifted ? [lifted] : []))
        {
            yield return write;
        }

        if (request is not null)
        {
            yield return transaction.StringSetAsync(
                keys.Request(document.Tenant, request.RequestId), RecordCodec.Encode(request.Fingerprint, plan.Told), ChangePlanner.RequestLife);
        }
    }

    /// <summary>The document, its version beside, and the tombstones that it takes away.</summary>
    public static IEnumerable<Task> Put(ITransaction transaction, RedisKeys keys, StoredDocument document, byte[] body, IReadOnlyList<Digest384> lifts)
    {
        yield return transaction.StringSetAsync(keys.Document(document.Tenant, document.Kind, document.Id), body);
        yield return transaction.StringSetAsync(keys.DocumentVersion(document.Tenant, document.Kind, document.Id, document.Version), body);
        yield return transaction.SortedSetAddAsync(keys.DocumentIds(document.Tenant, document.Kind), document.Id, 0);
        foreach (Digest384 lifted in lifts)
        {
            yield return transaction.HashDeleteAsync(keys.Tombstones(document.Tenant), lifted.ToString());
            yield return transaction.HashSetAsync(keys.Lifted(document.Tenant), lifted.ToString(), document.Id, When.Always);
        }
    }

    private static StoredDocument? Current(RedisValue body, string tenant, DocumentKind kind, string id) =>
        body.IsNull ? null : Shown(DocumentCodec.Decode(RedisQueries.Bytes(body), tenant, kind, id));

    private static StoredDocument? Shown(KeptDocument kept) => kept.Deleted ? null : kept.Document;

    private static RedisValue Present(RedisValue body, string tenant, DocumentKind kind, string id) => body.IsNull
        ? throw RecordCodec.Unfit($"document {DocumentNames.Resource(kind, id)} of tenant '{tenant}'", "the list of ids leads to it, but it is not there")
        : body;
}
