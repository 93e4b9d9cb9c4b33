using System.Security.Cryptography;
using Verifier.Service.Challenges;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>Challenges in the embedded database, each as its SHA-256. Expiry goes by the wall clock, which alone survives a restart.</summary>
internal sealed class SqliteChallengeStore(SqliteDatabase database, TimeProvider clock) : IChallengeStore
{
    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<bool> TryAddAsync(string tenant, ReadOnlyMemory<byte> challenge, TimeSpan life, int most, CancellationToken cancellation)
    {
        byte[] hash = SHA256.HashData(challenge.Span);
        return database.WriteAsync(
            c =>
            {
                c.Run("DELETE FROM challenge WHERE expires <= $now", ("$now", Now));
                if (c.Scalar("SELECT count(*) FROM challenge WHERE tenant = $tenant", ("$tenant", tenant)) >= most)
                {
                    return false;
                }

                c.Run(
                    "INSERT INTO challenge (tenant, hash, expires) VALUES ($tenant, $hash, $expires)",
                    ("$tenant", tenant),
                    ("$hash", hash),
                    ("$expires", Now + (long)life.TotalMilliseconds));
                return true;
            },
            cancellation);
    }

    public Task<bool> TrySpendAsync(string tenant, ReadOnlyMemory<byte> challenge, CancellationToken cancellation)
    {
        byte[] hash = SHA256.HashData(challenge.Span);
        return database.WriteAsync(
            c => c.Blob(
                "DELETE FROM challenge WHERE tenant = $tenant AND hash = $hash AND expires > $now RETURNING hash",
                ("$tenant", tenant),
                ("$hash", hash),
                ("$now", Now)) is not null,
            cancellation);
    }
}
