using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>The log of changes in the embedded database; entries are written by <see cref="SqliteChanges"/>.</summary>
internal sealed class SqliteChangeLog(SqliteDatabase database) : IChangeLog
{
    public Task<long> CountAsync(string tenant, CancellationToken cancellation) => database.ReadAsync(
        c => c.Scalar("SELECT coalesce(max(leaf_index) + 1, 0) FROM log_leaf WHERE tenant = $tenant", ("$tenant", tenant)), cancellation);

    public Task<IReadOnlyList<LogLeaf>> ReadAsync(string tenant, long first, int count, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return database.ReadAsync<IReadOnlyList<LogLeaf>>(
            c => c.Rows(
                "SELECT leaf_index, data, hash FROM log_leaf WHERE tenant = $tenant AND leaf_index >= $first ORDER BY leaf_index LIMIT $count",
                row => LogLeaves.Checked(tenant, row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)),
                ("$tenant", tenant),
                ("$first", first),
                ("$count", (long)count)),
            cancellation);
    }
}
