using SevSnp.Primitives;
using SevSnp.References;
using StackExchange.Redis;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;

namespace Verifier.Service.Storage.Redis;

/// <summary>Reference values in Redis.</summary>
internal sealed class RedisReferenceValueStore(RedisCalls calls, RedisKeys keys) : IReferenceValueStore
{
    private const int MaxAttempts = 16;

    public Task<MeasurementEntry> FindAsync(string tenant, Digest384 measurement, IReadOnlyList<Digest384> signers, CancellationToken cancellation) =>
        calls.OnceAsync(db => RedisQueries.FindAsync(db, keys, tenant, measurement, signers), cancellation);

    public Task<IReadOnlyList<NearMatch>> FindNearAsync(string tenant, Digest384 measurement, CancellationToken cancellation) =>
        calls.OnceAsync(db => RedisQueries.FindNearAsync(db, keys, tenant, measurement), cancellation);

    public Task<StoredReferenceValue?> GetAsync(string tenant, string id, CancellationToken cancellation) =>
        calls.OnceAsync(db => RedisQueries.GetAsync(db, keys, tenant, id), cancellation);

    public Task<ReferencePage> ListAsync(string tenant, ReferenceFilter filter, int pageSize, string? afterId, CancellationToken cancellation) =>
        calls.OnceAsync(db => RedisPages.ListAsync(db, keys, tenant, filter, pageSize, afterId), cancellation);

    public Task<ChangeOutcome> CreateAsync(Creation creation, RequestKey? request, CancellationToken cancellation) => ChangeAsync(
        async db =>
        {
            StoredReferenceValue value = creation.Value;
            RedisView view = await RedisView.ReadAsync(db, keys, value.Tenant, value.Id, value.Value.Measurements, request);
            return (view, ChangePlanner.Create(creation, request, view.Found));
        },
        request,
        cancellation);

    public Task<ChangeOutcome> ChangeStateAsync(StateChange change, RequestKey? request, CancellationToken cancellation) => ChangeAsync(
        async db =>
        {
            StoredReferenceValue? current = await RedisQueries.GetAsync(db, keys, change.Tenant, change.Id);
            RedisView view = await RedisView.ReadAsync(db, keys, change.Tenant, change.Id, current?.Value.Measurements ?? [], request);
            return (view, ChangePlanner.ChangeState(change, request, view.Found));
        },
        request,
        cancellation);

    public Task PingAsync(CancellationToken cancellation) => calls.PingAsync(cancellation);

    /// <summary>Reads, plans, and writes if nothing of what was read has changed; else begins anew.</summary>
    private Task<ChangeOutcome> ChangeAsync(Func<IDatabase, Task<(RedisView View, ChangePlan Plan)>> plan, RequestKey? request, CancellationToken cancellation) =>
        calls.ChangeAsync<ChangeOutcome>(
            async (db, end) =>
            {
                for (int attempt = 0; attempt < MaxAttempts; attempt++)
                {
                    end.ThrowIfCancellationRequested();
                    (RedisView view, ChangePlan planned) = await plan(db);
                    switch (planned)
                    {
                        case ChangePlan.Answer answer:
                            return answer.Outcome;
                        case ChangePlan.Apply apply when await RedisChanges.TryWriteAsync(db, keys, view, apply, request):
                            return new ChangeOutcome.Done(apply.Value);
                    }

                    await Task.Delay(Random.Shared.Next(1, 2 + attempt), end);
                }

                throw new StoreUnavailableException("Too many changes at once; this one was not made.");
            },
            cancellation);
}
