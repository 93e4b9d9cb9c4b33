using SevSnp.Primitives;
using StackExchange.Redis;
using Verifier.Service.Usage;

namespace Verifier.Service.Storage.Redis;

/// <summary>Counts in Redis: one hash for each measurement and day, from caller to count, that ends by itself.</summary>
internal sealed class RedisUsageStore(RedisCalls calls, RedisKeys keys) : IUsageStore
{
    private const CommandFlags Primary = CommandFlags.DemandMaster;
    private const int Batch = 200;

    private static readonly TimeSpan Life = TimeSpan.FromDays(UsageLimits.Days + 1);

    public async Task AddAsync(IReadOnlyList<UsageCount> counts, CancellationToken cancellation)
    {
        foreach (UsageCount[] batch in counts.Chunk(Batch))
        {
            await calls.LooselyAsync(
                async db =>
                {
                    long[] callers = await Task.WhenAll(batch.Select(c => db.HashLengthAsync(Key(c.Key), Primary)));
                    await Task.WhenAll(batch.Zip(callers).SelectMany(p => Add(db, p.First, p.Second)));
                    return true;
                },
                cancellation);
        }
    }

    public async Task<IReadOnlyList<UsageCount>> ReadAsync(string tenant, IReadOnlyList<Digest384> measurements, DateOnly from, CancellationToken cancellation)
    {
        UsageKey[] wanted = [.. measurements.SelectMany(m => Enumerable.Range(0, UsageLimits.Days).Select(d => new UsageKey(tenant, m, from.AddDays(d), "")))];
        List<UsageCount> found = [];
        foreach (UsageKey[] batch in wanted.Chunk(Batch))
        {
            HashEntry[][] entries = await calls.LooselyAsync(db => Task.WhenAll(batch.Select(k => db.HashGetAllAsync(Key(k), Primary))), cancellation);
            found.AddRange(batch.Zip(entries).SelectMany(p => p.Second.Select(e => new UsageCount(p.First with { Caller = e.Name.ToString() }, (long)e.Value))));
        }

        return found;
    }

    private IEnumerable<Task> Add(IDatabase db, UsageCount count, long callers)
    {
        string caller = callers < UsageLimits.Callers ? count.Key.Caller : UsageLimits.Others;
        yield return db.HashIncrementAsync(Key(count.Key), caller, count.Accepted, Primary);
        yield return db.KeyExpireAsync(Key(count.Key), Life, ExpireWhen.Always, Primary);
    }

    private RedisKey Key(UsageKey key) => keys.Usage(key.Tenant, key.Day, key.Measurement);
}
