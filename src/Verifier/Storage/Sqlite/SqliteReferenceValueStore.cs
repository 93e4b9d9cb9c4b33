using Microsoft.Data.Sqlite;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>Reference values in the embedded database.</summary>
internal sealed class SqliteReferenceValueStore(SqliteDatabase database, SqliteWriter writer, TimeProvider clock) : IReferenceValueStore
{
    public Task<MeasurementEntry> FindAsync(string tenant, Digest384 measurement, IReadOnlyList<Digest384> signers, CancellationToken cancellation) =>
        database.ReadAsync(c => SqliteQueries.Find(c, tenant, measurement, signers), cancellation);

    public Task<IReadOnlyList<NearMatch>> FindNearAsync(string tenant, Digest384 measurement, CancellationToken cancellation) =>
        database.ReadAsync(c => SqliteQueries.FindNear(c, tenant, measurement), cancellation);

    public Task<StoredReferenceValue?> GetAsync(string tenant, string id, CancellationToken cancellation) =>
        database.ReadAsync(c => SqliteQueries.Get(c, tenant, id), cancellation);

    public Task<ReferencePage> ListAsync(string tenant, ReferenceFilter filter, int pageSize, string? afterId, CancellationToken cancellation) =>
        database.ReadAsync(c => SqliteQueries.List(c, tenant, filter, pageSize, afterId), cancellation);

    public Task<ChangeOutcome> CreateAsync(Creation creation, RequestKey? request, CancellationToken cancellation) => writer.RunAsync(
        creation.Value.Tenant,
        c =>
        {
            StoredReferenceValue value = creation.Value;
            Found found = Look(c, value.Tenant, value.Id, request, _ => SqliteQueries.FirstTombstone(c, value));
            return Apply(c, ChangePlanner.Create(creation, request, found), creation.ValidateOnly, request);
        },
        cancellation);

    public Task<ChangeOutcome> ChangeStateAsync(StateChange change, RequestKey? request, CancellationToken cancellation) => writer.RunAsync(
        change.Tenant,
        c =>
        {
            Found found = Look(c, change.Tenant, change.Id, request, current => current is null ? null : SqliteQueries.FirstTombstone(c, current));
            return Apply(c, ChangePlanner.ChangeState(change, request, found), change.ValidateOnly, request);
        },
        cancellation);

    public Task PingAsync(CancellationToken cancellation) => database.PingAsync(cancellation);

    private Found Look(SqliteConnection connection, string tenant, string id, RequestKey? request, Func<StoredReferenceValue?, Tombstone?> tombstone)
    {
        byte[]? body = SqliteQueries.Body(connection, tenant, id);
        StoredReferenceValue? current = body is null ? null : RecordCodec.DecodeValue(body, tenant, id);
        return new Found(SqliteRequests.Recorded(connection, tenant, request, clock.GetUtcNow()), current, tombstone(current)) { CurrentBytes = body };
    }

    private ChangeOutcome Apply(SqliteConnection connection, ChangePlan plan, bool validateOnly, RequestKey? request)
    {
        switch (plan)
        {
            case ChangePlan.Answer answer:
                return answer.Outcome;
            case ChangePlan.Apply apply:
                if (!validateOnly)
                {
                    SqliteChanges.Write(connection, writer.Log, apply, request, clock.GetUtcNow());
                }

                return new ChangeOutcome.Done(apply.Value);
            default:
                throw new NotSupportedException($"A plan of type {plan.GetType().Name} is not known.");
        }
    }
}
