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
    public static void Write(SqliteConnection connection, ChangePlan.Apply plan, RequestKey? request, DateTimeOffset now)
    {
        StoredReferenceValue value = plan.Value;
        connection.Run(
            """
            INSERT INTO reference_value (tenant, id, image, state, body) VALUES ($tenant, $id, $image, $state, $body)
            ON CONFLICT (tenant, id) DO UPDATE SET image = excluded.image, state = excluded.state, body = excluded.body
            """,
            ("$tenant", value.Tenant),
            ("$id", value.Id),
            ("$image", value.Value.Image),
            ("$state", (long)value.Value.State),
            ("$body", RecordCodec.Encode(value)));
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

        foreach (NearVariant near in plan.Near)
        {
            connection.Run(
                "INSERT INTO near_variant (tenant, digest, id, body) VALUES ($tenant, $digest, $id, $body) ON CONFLICT DO NOTHING",
                ("$tenant", value.Tenant),
                ("$digest", near.Digest.ToArray()),
                ("$id", value.Id),
                ("$body", RecordCodec.EncodeNear(value.Id, near)));
        }

        foreach (Tombstone tombstone in plan.Tombstones)
        {
            connection.Run(
                "INSERT INTO tombstone (tenant, digest, body) VALUES ($tenant, $digest, $body) ON CONFLICT DO NOTHING",
                ("$tenant", value.Tenant),
                ("$digest", tombstone.Measurement.ToArray()),
                ("$body", RecordCodec.Encode(tombstone)));
        }

        Append(connection, value.Tenant, plan.Leaf);
        Remember(connection, value, request, now);
    }

    private static void Append(SqliteConnection connection, string tenant, byte[] leaf) =>
        connection.Run(
            "INSERT INTO log_leaf (tenant, leaf_index, data, hash) SELECT $tenant, coalesce(max(leaf_index) + 1, 0), $data, $hash FROM log_leaf WHERE tenant = $tenant",
            ("$tenant", tenant),
            ("$data", leaf),
            ("$hash", LogLeaves.Hash(leaf)));

    private static void Remember(SqliteConnection connection, StoredReferenceValue value, RequestKey? request, DateTimeOffset now)
    {
        connection.Run("DELETE FROM request WHERE expires <= $now", ("$now", now.ToUnixTimeMilliseconds()));
        if (request is not null)
        {
            connection.Run(
                "INSERT INTO request (tenant, request_id, expires, body) VALUES ($tenant, $request, $expires, $body)",
                ("$tenant", value.Tenant),
                ("$request", request.RequestId),
                ("$expires", (now + ChangePlanner.RequestLife).ToUnixTimeMilliseconds()),
                ("$body", RecordCodec.Encode(request.Fingerprint, value)));
        }
    }
}
