using SevSnp.Primitives;
using SevSnp.References;
using StackExchange.Redis;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Redis;

/// <summary>What is read of reference values, always from the primary.</summary>
internal static class RedisQueries
{
    private const CommandFlags Primary = CommandFlags.DemandMaster;

    /// <summary>
    /// One round trip while the signature is checked: tombstone, ids, and the values that the ids led to the last time. Where they lead to
    /// others now, a second for all values. A copy of each value under each of its measurements would cost the square of their number in writes.
    /// </summary>
    public static async Task<MeasurementEntry> FindAsync(
        IDatabase db, RedisKeys keys, RedisRecall recall, string tenant, Digest384 measurement, IReadOnlyList<Digest384> signers)
    {
        // Before the rest: whoever stands at this head knows all that led to it.
        Task<RedisValue> heading = db.StringGetAsync(keys.Head(tenant), Primary);
        Task<RedisValue> marking = db.HashGetAsync(keys.Tombstones(tenant), measurement.ToString(), Primary);
        Task<RedisValue[]> indexing = db.SetMembersAsync(keys.Measurement(tenant, measurement), Primary);
        Task<RedisValue[][]> signing = Task.WhenAll(signers.Select(s => db.SetMembersAsync(keys.Signer(tenant, s), Primary)));

        // Behind the ids, so that no value is older than they are.
        RedisRecall.Found last = recall.Of(tenant, measurement, signers);
        Task<RedisValue[]> guessing = BodiesAsync(db, keys, tenant, last.Ids, last.Signed);
        await Task.WhenAll(heading, marking, indexing, signing, guessing);
        RedisValue mark = await marking;
        string[] ids = Sorted(await indexing, tenant), signed = Sorted((await signing).SelectMany(s => s), tenant);
        RedisValue[] bodies = last.IsOf(ids, signed) ? await guessing : await BodiesAsync(db, keys, tenant, ids, signed);
        last = last.IsOf(ids, signed) ? last : RedisRecall.Found.Nothing;
        Tombstone? tombstone = mark.IsNull ? null : RecordCodec.DecodeTombstone(Bytes(mark), tenant, measurement);
        StoredReferenceValue[] values = new StoredReferenceValue[bodies.Length];
        for (int i = 0; i < values.Length; i++)
        {
            string id = i < ids.Length ? ids[i] : signed[i - ids.Length];
            values[i] = last.Same(i, bodies[i])
                ?? (i < ids.Length
                    ? RecordCodec.DecodeValue(Present(bodies[i], tenant, id), tenant, id, measurement)
                    : RecordCodec.DecodeSigned(Present(bodies[i], tenant, id), tenant, id, signers));
        }

        if (!values.SequenceEqual(last.Values))
        {
            recall.Keep(tenant, measurement, signers, new(ids, signed, [.. bodies.Select(b => (ReadOnlyMemory<byte>)b)], values));
        }

        StoredReferenceValue[] own = values[..ids.Length];
        return new MeasurementEntry(measurement, tombstone, own)
        {
            Head = Bytes(await heading),
            IsLifted = MeasurementEntry.AsksForLift(tombstone, own) && !(await db.HashGetAsync(keys.Lifted(tenant), measurement.ToString(), Primary)).IsNull,
            Signers = signers,
            OfSigners = values[ids.Length..],
        };
    }

    private static Task<RedisValue[]> BodiesAsync(IDatabase db, RedisKeys keys, string tenant, string[] ids, string[] signed) => ids.Length + signed.Length == 0
        ? Task.FromResult<RedisValue[]>([])
        : db.StringGetAsync([.. ids.Concat(signed).Select(id => keys.Value(tenant, id))], Primary);

    public static async Task<IReadOnlyList<NearMatch>> FindNearAsync(IDatabase db, RedisKeys keys, string tenant, Digest384 measurement)
    {
        RedisValue[] members = await db.SetMembersAsync(keys.Near(tenant, measurement), Primary);
        StoredNear[] found = [.. members.Select(m => RecordCodec.DecodeNear(Bytes(m), tenant, measurement)).OrderBy(n => n.Id, StringComparer.Ordinal)];
        RedisValue[] bodies = found.Length == 0 ? [] : await db.StringGetAsync([.. found.Select(n => keys.Value(tenant, n.Id))], Primary);
        return [.. found.Zip(bodies, (n, body) => new NearMatch(RecordCodec.DecodeValue(Present(body, tenant, n.Id), tenant, n.Id).Value, n.Variant))];
    }

    public static async Task<StoredReferenceValue?> GetAsync(IDatabase db, RedisKeys keys, string tenant, string id)
    {
        RedisValue body = await db.StringGetAsync(keys.Value(tenant, id), Primary);
        return body.IsNull ? null : RecordCodec.DecodeValue(Bytes(body), tenant, id);
    }

    /// <summary>A value that an index leads to. Nothing is ever deleted, so its absence is damage.</summary>
    public static byte[] Present(RedisValue body, string tenant, string id) => body.IsNull
        ? throw RecordCodec.Unfit($"reference value '{id}' of tenant '{tenant}'", "the index leads to it, but it is not there")
        : Bytes(body);

    /// <summary>An id out of an index; one that is none was written by somebody else.</summary>
    public static string Id(RedisValue value, string tenant) =>
        ReferenceNames.IsId(value.ToString()) ? value.ToString() : throw RecordCodec.Unfit($"index of tenant '{tenant}'", "it holds something that is no id");

    private static string[] Sorted(IEnumerable<RedisValue> ids, string tenant) =>
        [.. ids.Select(v => Id(v, tenant)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public static byte[] Bytes(RedisValue value) => (byte[]?)value ?? [];
}
