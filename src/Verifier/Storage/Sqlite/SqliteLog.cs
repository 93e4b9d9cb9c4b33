using Microsoft.Data.Sqlite;
using Verifier.Ledger;
using Verifier.Service.Storage.Changes;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>Adds to the log; the caller holds the transaction.</summary>
internal static class SqliteLog
{
    public static void Append(SqliteConnection connection, LogAppender log, string tenant, LogEntry entry)
    {
        LogAppend append = log.Append(tenant, Head(connection, tenant), Count(connection, tenant), entry);
        Put(connection, tenant, append);
        Put(connection, tenant, append.Head);
    }

    /// <summary>The entry alone.</summary>
    public static void Put(SqliteConnection connection, string tenant, LogAppend append) => connection.Run(
        "INSERT INTO log_leaf (tenant, leaf_index, data, hash) VALUES ($tenant, $index, $data, $hash)",
        ("$tenant", tenant),
        ("$index", append.Index),
        ("$data", append.Entry),
        ("$hash", append.LeafHash));

    /// <summary>The head.</summary>
    public static void Put(SqliteConnection connection, string tenant, byte[] head) => connection.Run(
        "INSERT INTO head (tenant, body) VALUES ($tenant, $body) ON CONFLICT (tenant) DO UPDATE SET body = excluded.body",
        ("$tenant", tenant),
        ("$body", head));

    public static byte[]? Head(SqliteConnection connection, string tenant) =>
        connection.Blob("SELECT body FROM head WHERE tenant = $tenant", ("$tenant", tenant));

    public static long Count(SqliteConnection connection, string tenant) =>
        connection.Scalar("SELECT coalesce(max(leaf_index) + 1, 0) FROM log_leaf WHERE tenant = $tenant", ("$tenant", tenant));
}
