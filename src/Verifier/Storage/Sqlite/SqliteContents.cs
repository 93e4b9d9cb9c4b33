using SevSnp.Primitives;
using Verifier.Service.Documents;
using Verifier.Service.Log;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>What the embedded database holds, as bytes.</summary>
internal sealed class SqliteContents(SqliteDatabase database) : ITenantContents
{
    public Task<IReadOnlyList<StoredItem>> ReadAsync(string tenant, string collection, string? afterId, int count, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<StoredItem>>(
            c => c.Rows(
                DocumentNames.KindOf(collection) is null
                    ? "SELECT id, body FROM reference_value WHERE tenant = $tenant AND $kind = 0 AND id > $after ORDER BY id LIMIT $count"
                    : "SELECT id, body FROM document WHERE tenant = $tenant AND kind = $kind AND id > $after ORDER BY id LIMIT $count",
                row => new StoredItem(row.GetString(0), row.GetFieldValue<byte[]>(1)),
                ("$tenant", tenant),
                ("$kind", (long)(DocumentNames.KindOf(collection) ?? DocumentKind.Unspecified)),
                ("$after", afterId ?? ""),
                ("$count", (long)count)),
            cancellation);

    public Task<StoredItem?> GetAsync(string tenant, string collection, string id, CancellationToken cancellation) => database.ReadAsync(
        c => (DocumentNames.KindOf(collection) is { } kind
            ? c.Blob("SELECT body FROM document WHERE tenant = $tenant AND kind = $kind AND id = $id", ("$tenant", tenant), ("$kind", (long)kind), ("$id", id))
            : SqliteQueries.Body(c, tenant, id)) is { } body
            ? new StoredItem(id, body)
            : null,
        cancellation);

    public Task<IReadOnlyList<StoredNearItem>> ReadNearAsync(string tenant, Digest384? after, int count, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<StoredNearItem>>(
            c => c.Rows(
                """
                SELECT id, digest, body FROM near_variant WHERE tenant = $tenant AND digest IN (
                  SELECT DISTINCT digest FROM near_variant WHERE tenant = $tenant AND digest > $after ORDER BY digest LIMIT $count)
                ORDER BY digest, id
                """,
                row => new StoredNearItem(row.GetString(0), new Digest384(row.GetFieldValue<byte[]>(1)), row.GetFieldValue<byte[]>(2)),
                ("$tenant", tenant),
                ("$after", after?.ToArray() ?? []),
                ("$count", (long)count)),
            cancellation);

    public Task<long> CountTombstonesAsync(string tenant, CancellationToken cancellation) =>
        database.ReadAsync(c => c.Scalar("SELECT count(*) FROM tombstone WHERE tenant = $tenant", ("$tenant", tenant)), cancellation);

    public Task<IReadOnlyList<bool>> HaveTombstonesAsync(string tenant, IReadOnlyList<Digest384> measurements, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<bool>>(
            c =>
            [
                .. measurements.Select(m =>
                    c.Scalar("SELECT count(*) FROM tombstone WHERE tenant = $tenant AND digest = $digest", ("$tenant", tenant), ("$digest", m.ToArray())) == 1),
            ],
            cancellation);
}
