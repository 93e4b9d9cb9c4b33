namespace Verifier.Service.Storage.Redis;

/// <summary>What Redis told of itself; what it does not tell is null.</summary>
/// <param name="Eviction">Setting <c>maxmemory-policy</c>.</param>
/// <param name="AppendOnly">Setting <c>appendonly</c>.</param>
/// <param name="AppendFsync">Setting <c>appendfsync</c>.</param>
/// <param name="LoadTruncated">Setting <c>aof-load-truncated</c>.</param>
/// <param name="Replays">Whether Redis's default user may run the commands that a restart reads back from the append-only file.</param>
internal sealed record RedisSelfDescription(string? Eviction, string? AppendOnly, string? AppendFsync, string? LoadTruncated, bool? Replays);

/// <summary>What is wrong with Redis: for the operator's log, and the repair for whoever calls.</summary>
internal sealed record FitnessFault(string Why, string Fix);

/// <summary>What Redis must tell of itself for each <see cref="RedisDurability"/>.</summary>
internal static class FitnessRules
{
    /// <summary>What is wrong and what to do, or null.</summary>
    public static FitnessFault? Fault(string durability, RedisSelfDescription redis)
    {
        if (redis.Eviction is not null && redis.Eviction != "noeviction")
        {
            return new(
                $"maxmemory-policy is '{redis.Eviction}', so that it may drop a revocation; set it to noeviction.", "maxmemory-policy of Redis must be noeviction");
        }

        // Seen with 7.0.15: the append-only file is read back as the default user, and each transaction this user has no right to is
        // dropped, with no more than a line in the log (redis/redis#14541, valkey-io/valkey#3983). All our changes are transactions.
        if (redis.Replays == false)
        {
            return new(
                "its default user has no rights, so that a restart drops every change; write 'user default off ~* &* +@all', which cannot log in either.",
                "the default user of Redis must have rights, or a restart drops every change: user default off ~* &* +@all");
        }

        if (durability == RedisDurability.DeclaredByOperator)
        {
            return null;
        }

        if (redis.Eviction is null || redis.AppendOnly is null || redis.AppendFsync is null || redis.Replays is null)
        {
            return new(
                $"it does not tell its settings; allow CONFIG GET and ACL DRYRUN, or vouch for it by Store:Redis:Durability={RedisDurability.DeclaredByOperator}.",
                "Redis must tell its settings: allow CONFIG GET and ACL DRYRUN");
        }

        if (redis.AppendOnly != "yes")
        {
            return new("appendonly is off, so that a restart loses changes; set appendonly yes.", "appendonly of Redis must be yes");
        }

        return redis.AppendFsync == "always" || (redis.AppendFsync == "everysec" && durability == RedisDurability.EverySecond)
            ? null
            : new(
                $"appendfsync is '{redis.AppendFsync}', so that a loss of power undoes acknowledged changes; set it to always, or lower Store:Redis:Durability.",
                "appendfsync of Redis must be always");
    }

    /// <summary>What an operator should change of a Redis that is fit, or null.</summary>
    public static string? Doubt(RedisSelfDescription redis) => redis is { AppendOnly: "yes", LoadTruncated: "yes" }
        ? "aof-load-truncated is 'yes': if it is killed within a write, it may keep the beginning of that change and carry it out at the start after the next, "
            + "so that the registry contradicts its log and is refused; set it to no."
        : null;
}
