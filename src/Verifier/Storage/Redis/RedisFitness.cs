using StackExchange.Redis;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Whether Redis is fit to hold trust: it evicts nothing, and it writes to disk what it acknowledges. Asked before the first call,
/// again on each new connection and with every ping; while it is not fit, every call is refused.
/// </summary>
internal sealed class RedisFitness(RedisConnection reads, RedisConnection changes, RedisOptions options, RegistryIds ids, RedisKeys keys, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan RetryAfterUnfit = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _checking = new(1, 1);
    private readonly RedisKey _probe = options.KeyPrefix + "probe";
    private volatile Finding? _last;
    private volatile IReadOnlyList<string> _doubts = [];

    /// <summary>What an operator should change though Redis is fit, as it was found last.</summary>
    public IReadOnlyList<string> Doubts => _doubts;

    private long Epoch => reads.Epoch + changes.Epoch;

    public Task EnsureAsync(CancellationToken cancellation) =>
        _last is { Unfit: null } last && last.Epoch == Epoch ? Task.CompletedTask : CheckUnlessKnownAsync(cancellation);

    /// <summary>
    /// Asks again, whatever is known. One at a time: the client forgets which database it is in after a command that it does not know, cannot ask
    /// for it between WATCH and UNWATCH, and gives the connection up where two of these meet.
    /// </summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        await _checking.WaitAsync(cancellation);
        try
        {
            await CheckAloneAsync(cancellation);
        }
        finally
        {
            _checking.Release();
        }
    }

    public void Dispose() => _checking.Dispose();

    private async Task CheckAloneAsync(CancellationToken cancellation)
    {
        long epoch = Epoch;
        try
        {
            IServer[] primaries = await reads.PrimariesAsync(cancellation);
            if (primaries.Length > 1 && primaries.Any(p => p.ServerType != ServerType.Cluster))
            {
                throw new StoreUnfitException(
                    $"Of Store:Redis:Endpoints several are primaries ({string.Join(", ", primaries.Select(p => p.EndPoint))}), and what is revoked on one is not on the other: make all but one a replica.",
                    null,
                    "all but one server of Store:Redis:Endpoints must be replicas");
            }

            List<string> doubts = [];
            foreach (IServer primary in primaries)
            {
                if ((await reads.CallAsync(_ => CheckAsync(primary), default, cancellation)).Value is { } doubt)
                {
                    doubts.Add($"Redis at {primary.EndPoint}: {doubt}");
                }
            }

            _doubts = doubts;

            await CheckAtomicityAsync(cancellation);
            await CheckIdAsync(cancellation);
            _last = new Finding(epoch, null, clock.GetTimestamp());
        }
        catch (StoreUnfitException e)
        {
            _last = new Finding(epoch, e, clock.GetTimestamp());
            throw;
        }
        catch (Exception e) when (RedisErrors.IsFault(e))
        {
            throw RedisErrors.Map(e);
        }
    }

    private async Task CheckUnlessKnownAsync(CancellationToken cancellation)
    {
        await _checking.WaitAsync(cancellation);
        try
        {
            Finding? last = _last;
            if (last is not null && last.Epoch == Epoch)
            {
                if (last.Unfit is null)
                {
                    return;
                }

                if (clock.GetElapsedTime(last.At) < RetryAfterUnfit)
                {
                    throw new StoreUnfitException(last.Unfit.Message, null, last.Unfit.Fix);
                }
            }

            await CheckAloneAsync(cancellation);
        }
        finally
        {
            _checking.Release();
        }
    }

    private async Task<string?> CheckAsync(IServer primary)
    {
        Task<string?> eviction = SettingAsync(primary, "maxmemory-policy");
        Task<string?> log = SettingAsync(primary, "appendonly");
        Task<string?> sync = SettingAsync(primary, "appendfsync");
        Task<string?> truncated = SettingAsync(primary, "aof-load-truncated");
        Task<bool?> replays = ReplaysAsync(primary);
        RedisSelfDescription told = new(await eviction, await log, await sync, await truncated, await replays);
        if (FitnessRules.Fault(options.Durability, told) is { } fault)
        {
            throw new StoreUnfitException($"Redis at {primary.EndPoint} is not fit to hold reference values: {fault.Why}", null, fault.Fix);
        }

        return FitnessRules.Doubt(told);
    }

    /// <summary>
    /// The client goes on with a transaction whose WATCH or MULTI was refused, and its commands then take effect one by one: a user
    /// without these rights must be found here. WATCH is tried on the connection that makes no transactions, which it could disturb.
    /// </summary>
    private async Task CheckAtomicityAsync(CancellationToken cancellation)
    {
        try
        {
            await reads.CallAsync(db => db.ExecuteAsync("WATCH", [_probe], CommandFlags.DemandMaster), _probe, cancellation);
        }
        catch (StoreUnfitException)
        {
            // The client takes a refused WATCH for the beginning of a transaction too, and would go on refusing for that.
            await reads.CallAsync(db => db.ExecuteAsync("UNWATCH", [], CommandFlags.DemandMaster), _probe, cancellation);
            throw;
        }

        await reads.CallAsync(db => db.ExecuteAsync("UNWATCH", [], CommandFlags.DemandMaster), _probe, cancellation);
        await changes.CallAsync(TryTransactionAsync, _probe, cancellation);
    }

    /// <summary>The first service that comes gives the registry its id; whoever remembers another one refuses.</summary>
    private async Task CheckIdAsync(CancellationToken cancellation)
    {
        string? found = await IdAsync(cancellation);
        if (found is null && ids.MayMake)
        {
            await reads.CallAsync(db => db.ExecuteAsync("SET", [keys.Registry(), RegistryIds.Make(), "NX"], CommandFlags.DemandMaster), keys.Registry(), cancellation);
            found = await IdAsync(cancellation);
        }

        ids.Check(found);
    }

    private async Task<string?> IdAsync(CancellationToken cancellation) =>
        (await reads.CallAsync(db => db.StringGetAsync(keys.Registry(), CommandFlags.DemandMaster), keys.Registry(), cancellation)).Value;

    private async Task<bool> TryTransactionAsync(IDatabase db)
    {
        ITransaction transaction = db.CreateTransaction();
        Task<bool> harmless = transaction.KeyExistsAsync(_probe);
        return await transaction.ExecuteAsync(CommandFlags.DemandMaster) && !await harmless;
    }

    /// <summary>A setting, or null when Redis does not tell.</summary>
    private static async Task<string?> SettingAsync(IServer primary, string name)
    {
        try
        {
            KeyValuePair<string, string>[] settings = await primary.ConfigGetAsync(name);
            return settings is [{ Value: var value }] ? value : null;
        }
        catch (RedisServerException e) when (IsRefusal(e))
        {
            return null;
        }
    }

    /// <summary>Whether the default user has the right to each command that our transactions are in the append-only file.</summary>
    private async Task<bool?> ReplaysAsync(IServer primary)
    {
        string key = _probe.ToString();
        object[][] commands = [["SET", key, ""], ["ZADD", key, "0", ""], ["SADD", key, ""], ["HSETNX", key, "", ""], ["RPUSH", key, ""]];
        try
        {
            RedisResult[] answers = await Task.WhenAll(commands.Select(c => primary.ExecuteAsync("ACL", ["DRYRUN", "default", .. c])));
            return answers.All(a => a.ToString() == "OK");
        }
        catch (RedisServerException e) when (IsRefusal(e))
        {
            return null;
        }
    }

    private static bool IsRefusal(RedisServerException e) =>
        e.Kind is RedisErrorKind.NoPermission or RedisErrorKind.NotPermitted || RedisErrors.IsUnknownCommand(e);

    private sealed record Finding(long Epoch, StoreUnfitException? Unfit, long At);
}
