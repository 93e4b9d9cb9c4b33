using Microsoft.Data.Sqlite;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>What is read of the registry's tables; each query goes by an index.</summary>
internal static class SqliteQueries
{
    public static MeasurementEntry Find(SqliteConnection connection, string tenant, Digest384 measurement, IReadOnlyList<Digest384> signers)
    {
        // Before the rest: whoever stands at this head knows all that led to it.
        byte[]? head = SqliteLog.Head(connection, tenant);
        List<StoredReferenceValue> values = Indexed(
            connection, "measurement", tenant, measurement, (body, id) => RecordCodec.DecodeValue(body, tenant, id, measurement));
        IEnumerable<StoredReferenceValue> signed = signers.SelectMany(signer => Indexed(
            connection, "signer", tenant, signer, (body, id) => RecordCodec.DecodeSigned(body, tenant, id, [signer])));
        Tombstone? tombstone = TombstoneOf(connection, tenant, measurement);
        return new MeasurementEntry(measurement, tombstone, values)
        {
            IsLifted = MeasurementEntry.AsksForLift(tombstone, values)
                && connection.Scalar("SELECT count(*) FROM lifted WHERE tenant = $tenant AND digest = $digest", ("$tenant", tenant), ("$digest", measurement.ToArray())) > 0,
            Signers = signers,
            OfSigners = [.. signed.DistinctBy(v => v.Id).OrderBy(v => v.Id, StringComparer.Ordinal)],
            Head = head,
        };
    }

    public static IReadOnlyList<NearMatch> FindNear(SqliteConnection connection, string tenant, Digest384 measurement) => connection.Rows(
        """
        SELECT n.id, n.body, v.body FROM near_variant n LEFT JOIN reference_value v ON v.tenant = n.tenant AND v.id = n.id
        WHERE n.tenant = $tenant AND n.digest = $digest ORDER BY n.id
        """,
        row => row.IsDBNull(2)
            ? throw RecordCodec.Unfit($"reference value '{row.GetString(0)}' of tenant '{tenant}'", "a near variant leads to it, but it is not there")
            : new NearMatch(
                RecordCodec.DecodeValue(row.GetFieldValue<byte[]>(2), tenant, row.GetString(0)).Value,
                RecordCodec.DecodeNear(row.GetFieldValue<byte[]>(1), tenant, measurement).Variant),
        ("$tenant", tenant),
        ("$digest", measurement.ToArray()));

    public static StoredReferenceValue? Get(SqliteConnection connection, string tenant, string id) =>
        Body(connection, tenant, id) is { } body ? RecordCodec.DecodeValue(body, tenant, id) : null;

    public static byte[]? Body(SqliteConnection connection, string tenant, string id) =>
        connection.Blob("SELECT body FROM reference_value WHERE tenant = $tenant AND id = $id", ("$tenant", tenant), ("$id", id));

    public static ReferencePage List(SqliteConnection connection, string tenant, ReferenceFilter filter, int pageSize, string? afterId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        List<StoredReferenceValue> values = connection.Rows(
            """
            SELECT id, body FROM reference_value
            WHERE tenant = $tenant AND id > $after AND ($image IS NULL OR image = $image) AND ($state IS NULL OR state = $state)
            ORDER BY id LIMIT $limit
            """,
            row => RecordCodec.DecodeValue(row.GetFieldValue<byte[]>(1), tenant, row.GetString(0)),
            ("$tenant", tenant),
            ("$after", afterId ?? ""),
            ("$image", filter.Image ?? (object)DBNull.Value),
            ("$state", filter.State is { } state ? (long)state : DBNull.Value),
            ("$limit", pageSize + 1L));
        return values.Count > pageSize
            ? new ReferencePage(values[..pageSize], values[pageSize - 1].Id)
            : new ReferencePage(values, null);
    }

    public static Tombstone? FirstTombstone(SqliteConnection connection, StoredReferenceValue value) =>
        value.Value.Measurements.Select(m => TombstoneOf(connection, value.Tenant, m.Digest)).FirstOrDefault(t => t is not null);

    public static Tombstone? TombstoneOf(SqliteConnection connection, string tenant, Digest384 measurement) =>
        connection.Blob(
            "SELECT body FROM tombstone WHERE tenant = $tenant AND digest = $digest", ("$tenant", tenant), ("$digest", measurement.ToArray())) is { } body
            ? RecordCodec.DecodeTombstone(body, tenant, measurement)
            : null;

    // The values that one of the two index tables leads to from a digest, in the order of their ids.
    private static List<StoredReferenceValue> Indexed(
        SqliteConnection connection, string index, string tenant, Digest384 digest, Func<byte[], string, StoredReferenceValue> decode) => connection.Rows(
        $"""
        SELECT i.id, v.body FROM {index} i LEFT JOIN reference_value v ON v.tenant = i.tenant AND v.id = i.id
        WHERE i.tenant = $tenant AND i.digest = $digest ORDER BY i.id
        """,
        row => row.IsDBNull(1)
            ? throw RecordCodec.Unfit($"reference value '{row.GetString(0)}' of tenant '{tenant}'", "the index leads to it, but it is not there")
            : decode(row.GetFieldValue<byte[]>(1), row.GetString(0)),
        ("$tenant", tenant),
        ("$digest", digest.ToArray()));
}
