using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>The log of changes in the embedded database; entries are written by <see cref="SqliteLog"/>.</summary>
internal sealed class SqliteChangeLog(SqliteDatabase database) : IChangeLog
{
    public Task<byte[]?> HeadAsync(string tenant, CancellationToken cancellation) => database.ReadAsync(c => SqliteLog.Head(c, tenant), cancellation);

    public Task<long> CountAsync(string tenant, CancellationToken cancellation) => database.ReadAsync(c => SqliteLog.Count(c, tenant), cancellation);

    public Task ConfirmAsync(string tenant, CancellationToken cancellation) => Task.CompletedTask;

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
