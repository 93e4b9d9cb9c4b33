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
    /// Two round trips at most, while the signature is checked: tombstone and ids together, then all values. A copy of each value under
    /// each of its measurements would spare the second, and cost the square of their number in writes.
    /// </summary>
    public static async Task<MeasurementEntry> FindAsync(IDatabase db, RedisKeys keys, string tenant, Digest384 measurement, IReadOnlyList<Digest384> signers)
    {
        // Before the rest: whoever stands at this head knows all that led to it.
        Task<RedisValue> heading = db.StringGetAsync(keys.Head(tenant), Primary);
        Task<RedisValue> marking = db.HashGetAsync(keys.Tombstones(tenant), measurement.ToString(), Primary);
        Task<RedisValue[]> indexing = db.SetMembersAsync(keys.Measurement(tenant, measurement), Primary);
        Task<RedisValue[][]> signing = Task.WhenAll(signers.Select(s => db.SetMembersAsync(keys.Signer(tenant, s), Primary)));
        await Task.WhenAll(heading, marking, indexing, signing);
        RedisValue mark = await marking;
        string[] ids = Sorted(await indexing, tenant), signed = Sorted((await signing).SelectMany(s => s), tenant);
        RedisValue[] bodies = ids.Length + signed.Length == 0 ? [] : await db.StringGetAsync([.. ids.Concat(signed).Select(id => keys.Value(tenant, id))], Primary);
        Tombstone? tombstone = mark.IsNull ? null : RecordCodec.DecodeTombstone(Bytes(mark), tenant, measurement);
        StoredReferenceValue[] values = [.. ids.Zip(bodies, (id, body) => RecordCodec.DecodeValue(Present(body, tenant, id), tenant, id, measurement))];
        return new MeasurementEntry(measurement, tombstone, values)
        {
            Head = Bytes(await heading),
            IsLifted = MeasurementEntry.AsksForLift(tombstone, values) && !(await db.HashGetAsync(keys.Lifted(tenant), measurement.ToString(), Primary)).IsNull,
            Signers = signers,
            OfSigners = [.. signed.Zip(bodies.Skip(ids.Length), (id, body) => RecordCodec.DecodeSigned(Present(body, tenant, id), tenant, id, signers))],
        };
    }

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
