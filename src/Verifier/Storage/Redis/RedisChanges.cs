using SevSnp.Primitives;
using SevSnp.References;
using StackExchange.Redis;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Redis;

/// <summary>What a planned change of a reference value writes: value, indices, tombstones and the answer to the request id.</summary>
internal static class RedisChanges
{
    public static IEnumerable<Task> Queue(ITransaction transaction, RedisKeys keys, ChangePlan.Apply plan, RequestKey? request)
    {
        StoredReferenceValue value = plan.Value;
        IEnumerable<Task> writes =
        [
            .. Put(transaction, keys, value, plan.Body),
            .. plan.Near.SelectMany(near => Put(transaction, keys, value.Tenant, near.Digest, RecordCodec.EncodeNear(value.Id, near))),
            .. plan.Tombstones.SelectMany(tombstone => Put(transaction, keys, value.Tenant, tombstone)),
        ];
        foreach (Task write in writes)
        {
            yield return write;
        }

        if (request is not null)
        {
            yield return transaction.StringSetAsync(
                keys.Request(value.Tenant, request.RequestId), RecordCodec.Encode(request.Fingerprint, value), ChangePlanner.RequestLife);
        }
    }

    /// <summary>The value and what leads to it.</summary>
    public static IEnumerable<Task> Put(ITransaction transaction, RedisKeys keys, StoredReferenceValue value, byte[] body)
    {
        yield return transaction.StringSetAsync(keys.Value(value.Tenant, value.Id), body);
        yield return transaction.SortedSetAddAsync(keys.Ids(value.Tenant), value.Id, 0);
        foreach (ReferenceMeasurement measurement in value.Value.Measurements)
        {
            yield return transaction.SetAddAsync(keys.Measurement(value.Tenant, measurement.Digest), value.Id);
        }

        foreach (Digest384 signer in value.Signers)
        {
            yield return transaction.SetAddAsync(keys.Signer(value.Tenant, signer), value.Id);
        }
    }

    public static IEnumerable<Task> Put(ITransaction transaction, RedisKeys keys, string tenant, Digest384 near, byte[] body) =>
    [
        transaction.SetAddAsync(keys.Near(tenant, near), body),
        transaction.SortedSetAddAsync(keys.NearDigests(tenant), near.ToString(), 0),
    ];

    public static IEnumerable<Task> Put(ITransaction transaction, RedisKeys keys, string tenant, Tombstone tombstone) =>
    [
        transaction.HashSetAsync(keys.Tombstones(tenant), tombstone.Measurement.ToString(), RecordCodec.Encode(tombstone), When.NotExists),
        transaction.HashDeleteAsync(keys.Lifted(tenant), tombstone.Measurement.ToString()),
    ];
}
