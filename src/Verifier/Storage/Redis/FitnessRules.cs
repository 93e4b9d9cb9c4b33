namespace Verifier.Service.Storage.Redis;

/// <summary>What Redis told of itself; what it does not tell is null.</summary>
/// <param name="Eviction">Setting <c>maxmemory-policy</c>.</param>
/// <param name="AppendOnly">Setting <c>appendonly</c>.</param>
/// <param name="AppendFsync">Setting <c>appendfsync</c>.</param>
/// <param name="Replays">Whether Redis's default user may run the commands that a restart reads back from the append-only file.</param>
internal sealed record RedisSelfDescription(string? Eviction, string? AppendOnly, string? AppendFsync, bool? Replays);

/// <summary>What Redis must tell of itself for each <see cref="RedisDurability"/>.</summary>
internal static class FitnessRules
{
    /// <summary>What is wrong and what to do, or null.</summary>
    public static string? Fault(string durability, RedisSelfDescription redis)
    {
        if (redis.Eviction is not null && redis.Eviction != "noeviction")
        {
            return $"maxmemory-policy is '{redis.Eviction}', so that it may drop a revocation; set it to noeviction.";
        }

        // Seen with 7.0.15: the append-only file is read back as the default user, and each transaction this user has no right to is
        // dropped, with no more than a line in the log (redis/redis#14541, valkey-io/valkey#3983). All our changes are transactions.
        if (redis.Replays == false)
        {
            return "its default user has no rights, so that a restart drops every change; write 'user default off ~* &* +@all', which cannot log in either.";
        }

        if (durability == RedisDurability.DeclaredByOperator)
        {
            return null;
        }

        if (redis.Eviction is null || redis.AppendOnly is null || redis.AppendFsync is null || redis.Replays is null)
        {
            return $"it does not tell its settings; allow CONFIG GET and ACL DRYRUN, or vouch for it by Store:Redis:Durability={RedisDurability.DeclaredByOperator}.";
        }

        if (redis.AppendOnly != "yes")
        {
            return "appendonly is off, so that a restart loses changes; set appendonly yes.";
        }

        return redis.AppendFsync == "always" || (redis.AppendFsync == "everysec" && durability == RedisDurability.EverySecond)
            ? null
            : $"appendfsync is '{redis.AppendFsync}', so that a loss of power undoes acknowledged changes; set it to always, or lower Store:Redis:Durability.";
    }
}
