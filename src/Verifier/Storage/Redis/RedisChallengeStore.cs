using StackExchange.Redis;
using Verifier.Service.Challenges;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Challenges in Redis, for all replicas. A string with an expiry is the challenge: Redis alone decides whether it still serves, and who
/// deletes it has used it up. Beside it a sorted set by expiry counts those of a tenant; it decides nothing else.
/// </summary>
internal sealed class RedisChallengeStore(RedisCalls calls, RedisKeys keys, TimeProvider clock) : IChallengeStore
{
    private const CommandFlags Primary = CommandFlags.DemandMaster;

    // Whole seconds, which the client sends as EXPIRE. Clocks of replicas may differ: the set outlives its members by more than that.
    private static readonly TimeSpan CountLife = ChallengeOptions.LongestLife + TimeSpan.FromMinutes(10);

    public Task<bool> TryAddAsync(string tenant, ReadOnlyMemory<byte> challenge, TimeSpan life, int most, CancellationToken cancellation) => calls.LooselyAsync(
        async db =>
        {
            RedisKey count = keys.Challenges(tenant);
            long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            Task<long> expiring = db.SortedSetRemoveRangeByScoreAsync(count, double.NegativeInfinity, now, flags: Primary);
            Task<long> counting = db.SortedSetLengthAsync(count, flags: Primary);
            await Task.WhenAll(expiring, counting);
            return await counting < most && await AddAsync(db, count, tenant, challenge, now, life, most);
        },
        cancellation);

    /// <summary>Who used it up is told so only once no fail-over can bring it back.</summary>
    public Task<bool> TrySpendAsync(string tenant, ReadOnlyMemory<byte> challenge, CancellationToken cancellation) => calls.DurablyAsync(
        tenant,
        async db =>
        {
            Task<bool> spending = db.KeyDeleteAsync(keys.Challenge(tenant, challenge.Span), Primary);
            Task<bool> uncounting = db.SortedSetRemoveAsync(keys.Challenges(tenant), RedisKeys.Hashed(challenge.Span), Primary);
            await Task.WhenAll(spending, uncounting);
            return await spending;
        },
        isSpent => isSpent,
        cancellation);

    /// <summary>Counted first and then looked at: of two that take the last place at one time none is kept, rather than both.</summary>
    private async Task<bool> AddAsync(IDatabase db, RedisKey count, string tenant, ReadOnlyMemory<byte> challenge, long now, TimeSpan life, int most)
    {
        RedisValue member = RedisKeys.Hashed(challenge.Span);
        Task<bool> entering = db.SortedSetAddAsync(count, member, now + life.TotalMilliseconds, When.Always, Primary);
        Task<long> counting = db.SortedSetLengthAsync(count, flags: Primary);
        Task<bool> limiting = db.KeyExpireAsync(count, CountLife, ExpireWhen.Always, Primary);
        await Task.WhenAll(entering, counting, limiting);
        if (await counting <= most && await db.StringSetAsync(keys.Challenge(tenant, challenge.Span), "1", life, When.NotExists, Primary))
        {
            return true;
        }

        await db.SortedSetRemoveAsync(count, member, Primary);
        return false;
    }
}
