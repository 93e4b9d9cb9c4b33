using Microsoft.Data.Sqlite;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>Writes a planned change; the caller holds the transaction.</summary>
internal static class SqliteChanges
{
    public static void Write(SqliteConnection connection, LogAppender log, ChangePlan.Apply plan, RequestKey? request, DateTimeOffset now)
    {
        StoredReferenceValue value = plan.Value;
        Put(connection, value, plan.Body);
        foreach (NearVariant near in plan.Near)
        {
            Put(connection, value.Tenant, value.Id, near.Digest, RecordCodec.EncodeNear(value.Id, near));
        }

        foreach (Tombstone tombstone in plan.Tombstones)
        {
            Put(connection, value.Tenant, tombstone);
        }

        SqliteLog.Append(connection, log, value.Tenant, plan.Entry);
        SqliteRequests.Remember(connection, value.Tenant, request, r => RecordCodec.Encode(r.Fingerprint, value), now);
    }

    /// <summary>The value and what leads to it.</summary>
    public static void Put(SqliteConnection connection, StoredReferenceValue value, byte[] body)
    {
        connection.Run(
            """
            INSERT INTO reference_value (tenant, id, image, state, body) VALUES ($tenant, $id, $image, $state, $body)
            ON CONFLICT (tenant, id) DO UPDATE SET image = excluded.image, state = excluded.state, body = excluded.body
            """,
            ("$tenant", value.Tenant),
            ("$id", value.Id),
            ("$image", value.Value.Image),
            ("$state", (long)value.Value.State),
            ("$body", body));
        foreach (ReferenceMeasurement measurement in value.Value.Measurements)
        {
            connection.Run(
                "INSERT INTO measurement (tenant, digest, id) VALUES ($tenant, $digest, $id) ON CONFLICT DO NOTHING",
                ("$tenant", value.Tenant),
                ("$digest", measurement.Digest.ToArray()),
                ("$id", value.Id));
        }

        foreach (Digest384 signer in value.Signers)
        {
            connection.Run(
                "INSERT INTO signer (tenant, digest, id) VALUES ($tenant, $digest, $id) ON CONFLICT DO NOTHING",
                ("$tenant", value.Tenant),
                ("$digest", signer.ToArray()),
                ("$id", value.Id));
        }
    }

    public static void Put(SqliteConnection connection, string tenant, string id, Digest384 near, byte[] body) => connection.Run(
        "INSERT INTO near_variant (tenant, digest, id, body) VALUES ($tenant, $digest, $id, $body) ON CONFLICT DO NOTHING",
        ("$tenant", tenant),
        ("$digest", near.ToArray()),
        ("$id", id),
        ("$body", body));

    public static void Put(SqliteConnection connection, string tenant, Tombstone tombstone)
    {
        connection.Run(
            "INSERT INTO tombstone (tenant, digest, body) VALUES ($tenant, $digest, $body) ON CONFLICT DO NOTHING",
            ("$tenant", tenant),
            ("$digest", tombstone.Measurement.ToArray()),
            ("$body", RecordCodec.Encode(tombstone)));
        connection.Run("DELETE FROM lifted WHERE tenant = $tenant AND digest = $digest", ("$tenant", tenant), ("$digest", tombstone.Measurement.ToArray()));
    }
}
