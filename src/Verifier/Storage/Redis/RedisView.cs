using SevSnp.References;
using StackExchange.Redis;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Redis;

/// <summary>What was read before a change, and the conditions that tell whether it still holds.</summary>
internal sealed record RedisView(Found Found, RedisLogView? Log)
{
    /// <summary>One round trip. The ids are touched as well: a key of a wrong type must show before anything is written.</summary>
    public static async Task<RedisView> ReadAsync(
        IDatabase db, RedisKeys keys, string tenant, string id, IReadOnlyList<ReferenceMeasurement> measurements, RequestKey? request)
    {
        const CommandFlags primary = CommandFlags.DemandMaster;
        RedisKey valueKey = keys.Value(tenant, id), tombstoneKey = keys.Tombstones(tenant);
        RedisKey? requestKey = request is null ? (RedisKey?)null : keys.Request(tenant, request.RequestId);
        Task<RedisValue> reading = db.StringGetAsync(valueKey, primary);
        // The count comes before the look: a tombstone set in between then shows as a changed count.
        Task<long> counting = db.HashLengthAsync(tombstoneKey, primary);
        Task<RedisValue[]> marking = measurements.Count == 0
            ? Task.FromResult<RedisValue[]>([])
            : db.HashGetAsync(tombstoneKey, [.. measurements.Select(m => (RedisValue)m.Digest.ToString())], primary);
        Task<RedisLogView?> logging = RedisLogView.ReadAsync(db, keys, tenant);
        Task<double?> listing = db.SortedSetScoreAsync(keys.Ids(tenant), id, primary);
        // The record of the request comes last: whoever sees what a first try of it wrote must see that it was this request.
        Task<RedisValue> recording = requestKey is { } key ? db.StringGetAsync(key, primary) : Task.FromResult(RedisValue.Null);
        await Task.WhenAll(reading, counting, marking, logging, listing, recording);

        RedisValue recorded = await recording, body = await reading;
        Found found = new(
            recorded.IsNull ? null : RecordCodec.DecodeRequest(RedisQueries.Bytes(recorded), tenant, request!.RequestId),
            body.IsNull ? null : RecordCodec.DecodeValue(RedisQueries.Bytes(body), tenant, id),
            FirstTombstone(tenant, measurements, await marking))
        {
            CurrentBytes = RedisQueries.Bytes(body),
        };
        if (await logging is not { } log)
        {
            return new RedisView(found, null);
        }

        List<Condition> conditions =
        [
            .. log.StillHolds,
            body.IsNull ? Condition.KeyNotExists(valueKey) : Condition.StringEqual(valueKey, body),
            Condition.HashLengthEqual(tombstoneKey, await counting),
        ];
        if (requestKey is { } unused)
        {
            conditions.Add(Condition.KeyNotExists(unused));
        }

        return new RedisView(found, log with { StillHolds = conditions });
    }

    private static Tombstone? FirstTombstone(string tenant, IReadOnlyList<ReferenceMeasurement> measurements, RedisValue[] marks) =>
        measurements
            .Zip(marks, (m, mark) => mark.IsNull ? null : RecordCodec.DecodeTombstone(RedisQueries.Bytes(mark), tenant, m.Digest))
            .FirstOrDefault(t => t is not null);
}
