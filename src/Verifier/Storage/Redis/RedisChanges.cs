using SevSnp.Primitives;
using SevSnp.References;
using StackExchange.Redis;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Writes a planned change by WATCH, MULTI and EXEC: value, indices, tombstones, log leaf and the answer to the request id, all or
/// nothing. No scripts, so that the user of the service needs no right to run any.
/// </summary>
internal static class RedisChanges
{
    /// <summary>False when something of what was read has changed meanwhile; nothing is written then.</summary>
    public static async Task<bool> TryWriteAsync(IDatabase db, RedisKeys keys, RedisView view, ChangePlan.Apply plan, RequestKey? request)
    {
        ITransaction transaction = db.CreateTransaction();
        foreach (Condition condition in view.StillHolds)
        {
            transaction.AddCondition(condition);
        }

        List<Task> writes = [.. Queue(transaction, keys, plan, request)];
        bool applied = await transaction.ExecuteAsync(CommandFlags.DemandMaster);
        if (applied)
        {
            await AllWrittenAsync(plan.Value, writes);
        }

        return applied;
    }

    private static IEnumerable<Task> Queue(ITransaction transaction, RedisKeys keys, ChangePlan.Apply plan, RequestKey? request)
    {
        StoredReferenceValue value = plan.Value;
        yield return transaction.StringSetAsync(keys.Value(value.Tenant, value.Id), RecordCodec.Encode(value));
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
        }

        yield return transaction.ListRightPushAsync(keys.Log(value.Tenant), RedisChangeLog.Frame(plan.Leaf));
        if (request is not null)
        {
            yield return transaction.StringSetAsync(
                keys.Request(value.Tenant, request.RequestId), RecordCodec.Encode(request.Fingerprint, value), ChangePlanner.RequestLife);
        }
    }

    /// <summary>Redis does not undo a transaction one of whose commands fails: that cannot happen unless keys were tampered with, and must be told.</summary>
    private static async Task AllWrittenAsync(StoredReferenceValue value, List<Task> writes)
    {
        try
        {
            await Task.WhenAll(writes);
        }
        catch (RedisServerException e)
        {
            throw RecordCodec.Unfit($"reference value '{value.Id}' of tenant '{value.Tenant}'", "a change of it was written in part only", e);
        }
    }
}
