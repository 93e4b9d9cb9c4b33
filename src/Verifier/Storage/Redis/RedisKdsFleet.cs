using System.Globalization;
using StackExchange.Redis;
using Verifier.Service.Kds;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Leases, turns and pauses in Redis, each a string that Redis itself forgets: no instance's clock decides, and none that dies is
/// waited for. A time in a value is only a hint of when to look again.
/// </summary>
internal sealed class RedisKdsFleet(RedisCalls calls, RedisKeys keys) : IKdsFleet
{
    private const CommandFlags Primary = CommandFlags.DemandMaster;

    // What stands before a mark; a holder's name has none.
    private const string MarkPrefix = "ended ";

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(2);

    public Task<KdsLease> TryLeaseAsync(string key, string holder, TimeSpan life, CancellationToken cancellation) => calls.LooselyAsync(
        async db =>
        {
            RedisKey lease = keys.KdsLease(key);
            if (await db.StringSetAsync(lease, holder, life, When.NotExists, Primary))
            {
                return new KdsLease(IsOurs: true, null);
            }

            string? value = await db.StringGetAsync(lease, Primary);
            return new KdsLease(IsOurs: value == holder, value?.StartsWith(MarkPrefix, StringComparison.Ordinal) == true ? value[MarkPrefix.Length..] : null);
        },
        cancellation);

    // Whole seconds, which the client sends as EXPIRE.
    public Task RenewLeaseAsync(string key, TimeSpan life, CancellationToken cancellation) => calls.LooselyAsync(
        db => db.KeyExpireAsync(keys.KdsLease(key), TimeSpan.FromSeconds(Math.Ceiling(life.TotalSeconds)), ExpireWhen.Always, Primary), cancellation);

    // Not compared with the holder: who lost a lease to its expiry and another can at worst cause one more request.
    public Task EndLeaseAsync(string key, string? mark, TimeSpan life, CancellationToken cancellation) => calls.LooselyAsync(
        db => mark is null ? db.KeyDeleteAsync(keys.KdsLease(key), Primary) : db.StringSetAsync(keys.KdsLease(key), MarkPrefix + mark, life, When.Always, Primary),
        cancellation);

    public Task<TimeSpan> TryTakeTurnAsync(KdsLane lane, TimeSpan spacing, CancellationToken cancellation) => calls.LooselyAsync(
        async db =>
        {
            int places = lane.Places();
            TimeSpan life = spacing * places;
            TimeSpan wait = life;
            for (int place = 0; place < places; place++)
            {
                RedisKey turn = keys.KdsTurn(lane.Label(), place);
                if (await db.StringSetAsync(turn, Until(life), life, When.NotExists, Primary))
                {
                    return TimeSpan.Zero;
                }

                TimeSpan left = Left(await db.StringGetAsync(turn, Primary), life);
                wait = left < wait ? left : wait;
            }

            return wait;
        },
        cancellation);

    public Task<TimeSpan> PauseLeftAsync(CancellationToken cancellation) => calls.LooselyAsync(
        async db => await db.StringGetAsync(keys.KdsPause(), Primary) is { IsNull: false } until ? Left(until, TimeSpan.FromMinutes(10)) : TimeSpan.Zero, cancellation);

    public Task PauseAsync(TimeSpan length, CancellationToken cancellation) => calls.LooselyAsync(
        async db =>
        {
            RedisValue known = await db.StringGetAsync(keys.KdsPause(), Primary);
            return (!known.IsNull && Left(known, TimeSpan.FromMinutes(10)) > length)
                || await db.StringSetAsync(keys.KdsPause(), Until(length), length, When.Always, Primary);
        },
        cancellation);

    private static string Until(TimeSpan life) => (Now + (long)life.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    // Clocks differ: never less than a moment, as long as Redis has the key, and never more than it can have.
    private static TimeSpan Left(RedisValue until, TimeSpan most) => TimeSpan.FromMilliseconds(
        Math.Clamp(until.TryParse(out long milliseconds) ? milliseconds - Now : most.TotalMilliseconds / 4, Shortest.TotalMilliseconds, Math.Max(Shortest.TotalMilliseconds, most.TotalMilliseconds)));

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
