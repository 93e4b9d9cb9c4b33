using Microsoft.Data.Sqlite;
using SevSnp.Primitives;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>Documents in the embedded database.</summary>
internal sealed class SqliteDocumentStore(SqliteDatabase database, SqliteWriter writer, TimeProvider clock) : IDocumentStore
{
    public Task<StoredDocument?> GetAsync(string tenant, DocumentKind kind, string id, CancellationToken cancellation) =>
        database.ReadAsync(c => Body(c, tenant, kind, id) is { } body ? Shown(DocumentCodec.Decode(body, tenant, kind, id)) : null, cancellation);

    public Task<StoredDocument?> GetVersionAsync(string tenant, DocumentKind kind, string id, long version, CancellationToken cancellation) => database.ReadAsync(
        c => c.Blob(
            "SELECT body FROM document_version WHERE tenant = $tenant AND kind = $kind AND id = $id AND version = $version",
            ("$tenant", tenant),
            ("$kind", (long)kind),
            ("$id", id),
            ("$version", version)) is { } body
            ? Shown(DocumentCodec.DecodeVersion(body, tenant, kind, id, version))
            : null,
        cancellation);

    public Task<IReadOnlyList<StoredDocument>> ListAsync(string tenant, DocumentKind kind, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<StoredDocument>>(
        c =>
        [
            .. c.Rows(
                "SELECT id, body FROM document WHERE tenant = $tenant AND kind = $kind ORDER BY id",
                row => Shown(DocumentCodec.Decode(row.GetFieldValue<byte[]>(1), tenant, kind, row.GetString(0))),
                ("$tenant", tenant),
                ("$kind", (long)kind)).OfType<StoredDocument>(),
        ],
        cancellation);

    public Task<DocumentOutcome> ChangeAsync(DocumentChange change, RequestKey? request, CancellationToken cancellation) => writer.RunAsync(
        change.Tenant,
        c =>
        {
            switch (DocumentPlanner.Plan(change, request, Look(c, change, request)))
            {
                case DocumentPlan.Answer answer:
                    return answer.Outcome;
                case DocumentPlan.Apply apply:
                    if (!change.ValidateOnly)
                    {
                        Write(c, apply, change.Lifts, request);
                    }

                    return new DocumentOutcome.Done(apply.Told);
                default:
                    throw new NotSupportedException("There is no other plan.");
            }
        },
        cancellation);

    private FoundDocument Look(SqliteConnection connection, DocumentChange change, RequestKey? request)
    {
        byte[]? body = Body(connection, change.Tenant, change.Kind, change.Id);
        return new FoundDocument(
            SqliteRequests.Recorded(connection, change.Tenant, request, clock.GetUtcNow()),
            body is null ? null : DocumentCodec.Decode(body, change.Tenant, change.Kind, change.Id),
            body,
            (int)connection.Scalar("SELECT count(*) FROM document WHERE tenant = $tenant AND kind = $kind", ("$tenant", change.Tenant), ("$kind", (long)change.Kind)))
        {
            IsRevoked = change.Lifts is { } lifts && SqliteQueries.TombstoneOf(connection, change.Tenant, lifts) is not null,
        };
    }

    private void Write(SqliteConnection connection, DocumentPlan.Apply plan, Digest384? lifts, RequestKey? request)
    {
        StoredDocument document = plan.Kept.Document;
        Put(connection, document, plan.Body);
        if (lifts is { } lifted)
        {
            Lift(connection, document, lifted);
        }

        SqliteLog.Append(connection, writer.Log, document.Tenant, plan.Entry);
        SqliteRequests.Remember(connection, document.Tenant, request, r => RecordCodec.Encode(r.Fingerprint, plan.Told), clock.GetUtcNow());
    }

    /// <summary>The document, and its version beside.</summary>
    public static void Put(SqliteConnection connection, StoredDocument document, byte[] body)
    {
        connection.Run(
            """
            INSERT INTO document (tenant, kind, id, body) VALUES ($tenant, $kind, $id, $body)
            ON CONFLICT (tenant, kind, id) DO UPDATE SET body = excluded.body
            """,
            ("$tenant", document.Tenant),
            ("$kind", (long)document.Kind),
            ("$id", document.Id),
            ("$body", body));
        connection.Run(
            "INSERT INTO document_version (tenant, kind, id, version, body) VALUES ($tenant, $kind, $id, $version, $body)",
            ("$tenant", document.Tenant),
            ("$kind", (long)document.Kind),
            ("$id", document.Id),
            ("$version", document.Version),
            ("$body", body));
    }

    /// <summary>Takes a tombstone away, and marks that it was.</summary>
    public static void Lift(SqliteConnection connection, StoredDocument document, Digest384 lifted)
    {
        connection.Run("DELETE FROM tombstone WHERE tenant = $tenant AND digest = $digest", ("$tenant", document.Tenant), ("$digest", lifted.ToArray()));
        connection.Run(
            "INSERT INTO lifted (tenant, digest, request) VALUES ($tenant, $digest, $request) ON CONFLICT DO NOTHING",
            ("$tenant", document.Tenant),
            ("$digest", lifted.ToArray()),
            ("$request", document.Id));
    }

    private static byte[]? Body(SqliteConnection connection, string tenant, DocumentKind kind, string id) => connection.Blob(
        "SELECT body FROM document WHERE tenant = $tenant AND kind = $kind AND id = $id", ("$tenant", tenant), ("$kind", (long)kind), ("$id", id));

    private static StoredDocument? Shown(KeptDocument kept) => kept.Deleted ? null : kept.Document;
}
