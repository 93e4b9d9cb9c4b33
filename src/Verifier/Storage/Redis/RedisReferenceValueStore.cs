using SevSnp.Primitives;
using SevSnp.References;
using StackExchange.Redis;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;

namespace Verifier.Service.Storage.Redis;

/// <summary>Reference values in Redis.</summary>
internal sealed class RedisReferenceValueStore(RedisCalls calls, RedisWriter writer, RedisKeys keys) : IReferenceValueStore
{
    private readonly RedisRecall _recall = new();

    public Task<MeasurementEntry> FindAsync(string tenant, Digest384 measurement, IReadOnlyList<Digest384> signers, CancellationToken cancellation) =>
        calls.OnceAsync(tenant, db => RedisQueries.FindAsync(db, keys, _recall, tenant, measurement, signers), cancellation);

    public Task<IReadOnlyList<NearMatch>> FindNearAsync(string tenant, Digest384 measurement, CancellationToken cancellation) =>
        calls.OnceAsync(tenant, db => RedisQueries.FindNearAsync(db, keys, tenant, measurement), cancellation);

    public Task<StoredReferenceValue?> GetAsync(string tenant, string id, CancellationToken cancellation) =>
        calls.OnceAsync(tenant, db => RedisQueries.GetAsync(db, keys, tenant, id), cancellation);

    public Task<ReferencePage> ListAsync(string tenant, ReferenceFilter filter, int pageSize, string? afterId, CancellationToken cancellation) =>
        calls.OnceAsync(tenant, db => RedisPages.ListAsync(db, keys, tenant, filter, pageSize, afterId), cancellation);

    public Task<ChangeOutcome> CreateAsync(Creation creation, RequestKey? request, CancellationToken cancellation)
    {
        StoredReferenceValue value = creation.Value;
        return writer.RunAsync(
            value.Tenant,
            async (db, written) =>
            {
                RedisView view = await RedisView.ReadAsync(db, keys, value.Tenant, value.Id, value.Value.Measurements, request);
                return await CarryOutAsync(db, written, view, ChangePlanner.Create(creation, request, view.Found), creation.ValidateOnly, request);
            },
            outcome => outcome is ChangeOutcome.Done && !creation.ValidateOnly,
            cancellation);
    }

    public Task<ChangeOutcome> ChangeStateAsync(StateChange change, RequestKey? request, CancellationToken cancellation) => writer.RunAsync(
        change.Tenant,
        async (db, written) =>
        {
            StoredReferenceValue? current = await RedisQueries.GetAsync(db, keys, change.Tenant, change.Id);
            RedisView view = await RedisView.ReadAsync(db, keys, change.Tenant, change.Id, current?.Value.Measurements ?? [], request);
            return await CarryOutAsync(db, written, view, ChangePlanner.ChangeState(change, request, view.Found), change.ValidateOnly, request);
        },
        outcome => outcome is ChangeOutcome.Done && !change.ValidateOnly,
        cancellation);

    public Task PingAsync(CancellationToken cancellation) => calls.PingAsync(cancellation);

    /// <summary>Null when something of what was read has changed meanwhile.</summary>
    private async Task<ChangeOutcome?> CarryOutAsync(IDatabase db, RedisWritten written, RedisView view, ChangePlan plan, bool validateOnly, RequestKey? request)
    {
        if (plan is not ChangePlan.Apply apply)
        {
            return ((ChangePlan.Answer)plan).Outcome;
        }

        StoredReferenceValue value = apply.Value;
        return validateOnly || await writer.TryWriteAsync(
                db, written, value.Tenant, $"reference value '{value.Id}'", view.Log, apply.Entry, t => RedisChanges.Queue(t, keys, apply, request))
            ? new ChangeOutcome.Done(value)
            : null;
    }
}
