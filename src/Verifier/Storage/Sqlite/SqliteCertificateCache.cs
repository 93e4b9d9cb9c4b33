using Verifier.Service.Kds;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>
/// Certificates and lists from AMD's key service in a database file of their own. Bounded: the entry that expires first makes room,
/// and a value larger than <see cref="MaxValueSize"/> is not kept, which a cache may do.
/// </summary>
internal sealed class SqliteCertificateCache(SqliteDatabase database, int maxEntries, TimeProvider clock) : ICertificateCache
{
    public const int MaxValueSize = 128 * 1024;

    public Task<byte[]?> GetAsync(string key, CancellationToken cancellation) => database.ReadAsync(
        c => c.Blob("SELECT value FROM certificate WHERE key = $key AND expires > $now", ("$key", key), ("$now", Now)), cancellation);

    public Task SetAsync(string key, ReadOnlyMemory<byte> value, DateTimeOffset expires, CancellationToken cancellation)
    {
        byte[] bytes = value.ToArray();
        return bytes.Length > MaxValueSize ? Task.CompletedTask : database.WriteAsync(
            c =>
            {
                c.Run(
                    """
                    INSERT INTO certificate (key, expires, value) VALUES ($key, $expires, $value)
                    ON CONFLICT (key) DO UPDATE SET expires = excluded.expires, value = excluded.value
                    """,
                    ("$key", key),
                    ("$expires", expires.ToUnixTimeMilliseconds()),
                    ("$value", bytes));
                c.Run("DELETE FROM certificate WHERE expires <= $now", ("$now", Now));
                c.Run(
                    """
                    DELETE FROM certificate WHERE key IN (
                      SELECT key FROM certificate WHERE key <> $key ORDER BY expires
                      LIMIT max(0, (SELECT count(*) FROM certificate) - $max))
                    """,
                    ("$key", key),
                    ("$max", (long)maxEntries));
                return true;
            },
            cancellation);
    }

    public Task RemoveAsync(string key, CancellationToken cancellation) => database.WriteAsync(
        c =>
        {
            c.Run("DELETE FROM certificate WHERE key = $key", ("$key", key));
            return true;
        },
        cancellation);

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
