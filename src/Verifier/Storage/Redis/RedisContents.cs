using SevSnp.Primitives;
using StackExchange.Redis;
using Verifier.Service.Documents;
using Verifier.Service.Log;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Redis;

/// <summary>What Redis holds, as bytes, by the same rights as everything else.</summary>
internal sealed class RedisContents(RedisCalls calls, RedisKeys keys) : ITenantContents
{
    private const CommandFlags Primary = CommandFlags.DemandMaster;

    public Task<IReadOnlyList<StoredItem>> ReadAsync(string tenant, string collection, string? afterId, int count, CancellationToken cancellation) =>
        calls.OnceAsync<IReadOnlyList<StoredItem>>(
            tenant,
            async db =>
            {
                RedisKey index = DocumentNames.KindOf(collection) is { } kind ? keys.DocumentIds(tenant, kind) : keys.Ids(tenant);
                RedisValue[] found = await db.SortedSetRangeByValueAsync(index, min: afterId ?? RedisValue.Null, exclude: Exclude.Start, take: count, flags: Primary);
                string[] ids = [.. found.Select(id => RedisQueries.Id(id, tenant))];
                RedisValue[] bodies = ids.Length == 0 ? [] : await db.StringGetAsync([.. ids.Select(id => Key(tenant, collection, id))], Primary);
                return [.. ids.Zip(bodies, (id, body) => new StoredItem(id, Present(body, tenant, collection, id)))];
            },
            cancellation);

    public Task<StoredItem?> GetAsync(string tenant, string collection, string id, CancellationToken cancellation) => calls.OnceAsync(
        tenant,
        async db => await db.StringGetAsync(Key(tenant, collection, id), Primary) is { IsNull: false } body ? new StoredItem(id, RedisQueries.Bytes(body)) : null,
        cancellation);

    public Task<IReadOnlyList<StoredNearItem>> ReadNearAsync(string tenant, Digest384? after, int count, CancellationToken cancellation) =>
        calls.OnceAsync<IReadOnlyList<StoredNearItem>>(
            tenant,
            async db =>
            {
                RedisValue[] found = await db.SortedSetRangeByValueAsync(
                    keys.NearDigests(tenant), min: after is { } a ? a.ToString() : RedisValue.Null, exclude: Exclude.Start, take: count, flags: Primary);
                Digest384[] digests = [.. found.Select(d => Digest384.TryParse(d.ToString(), out Digest384 digest) ? digest : throw RecordCodec.Unfit($"near variants of tenant '{tenant}'", "their list holds something that is no measurement"))];
                RedisValue[][] bodies = await Task.WhenAll(digests.Select(d => db.SetMembersAsync(keys.Near(tenant, d), Primary)));
                return [.. digests.Zip(bodies).SelectMany(p => p.Second.Select(b => Near(tenant, p.First, RedisQueries.Bytes(b))).OrderBy(n => n.Id, StringComparer.Ordinal))];
            },
            cancellation);

    public Task<long> CountTombstonesAsync(string tenant, CancellationToken cancellation) =>
        calls.OnceAsync(tenant, db => db.HashLengthAsync(keys.Tombstones(tenant), Primary), cancellation);

    public Task<IReadOnlyList<bool>> HaveTombstonesAsync(string tenant, IReadOnlyList<Digest384> measurements, CancellationToken cancellation) =>
        calls.OnceAsync<IReadOnlyList<bool>>(
            tenant,
            async db => [.. (await db.HashGetAsync(keys.Tombstones(tenant), [.. measurements.Select(m => (RedisValue)m.ToString())], Primary)).Select(t => !t.IsNull)],
            cancellation);

    private static StoredNearItem Near(string tenant, Digest384 digest, byte[] body) => new(RecordCodec.DecodeNear(body, tenant, digest).Id, digest, body);

    private RedisKey Key(string tenant, string collection, string id) =>
        DocumentNames.KindOf(collection) is { } kind ? keys.Document(tenant, kind, id) : keys.Value(tenant, id);

    private static byte[] Present(RedisValue body, string tenant, string collection, string id) => body.IsNull
        ? throw RecordCodec.Unfit($"{collection}/{id} of tenant '{tenant}'", "the list of ids leads to it, but it is not there")
        : RedisQueries.Bytes(body);
}
