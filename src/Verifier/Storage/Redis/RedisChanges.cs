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
        yield return transaction.StringSetAsync(keys.Value(value.Tenant, value.Id), plan.Body);
        yield return transaction.SortedSetAddAsync(keys.Ids(value.Tenant), value.Id, 0);
        foreach (ReferenceMeasurement measurement in value.Value.Measurements)
        {
            yield return transaction.SetAddAsync(keys.Measurement(value.Tenant, measurement.Digest), value.Id);
        }

        foreach (Digest384 signer in value.Signers)
        {
            yield return transaction.SetAddAsync(keys.Signer(value.Tenant, signer), value.Id);
        }

        foreach (NearVariant near in plan.Near)
        {
            yield return transaction.SetAddAsync(keys.Near(value.Tenant, near.Digest), RecordCodec.EncodeNear(value.Id, near));
        }

        foreach (Tombstone tombstone in plan.Tombstones)
        {
            yield return transaction.HashSetAsync(
                keys.Tombstones(value.Tenant), tombstone.Measurement.ToString(), RecordCodec.Encode(tombstone), When.NotExists);
            yield return transaction.HashDeleteAsync(keys.Lifted(value.Tenant), tombstone.Measurement.ToString());
        }

        if (request is not null)
        {
            yield return transaction.StringSetAsync(
                keys.Request(value.Tenant, request.RequestId), RecordCodec.Encode(request.Fingerprint, value), ChangePlanner.RequestLife);
        }
    }
}
