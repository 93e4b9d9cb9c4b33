using StackExchange.Redis;
using Verifier.Service.Kds;

namespace Verifier.Service.Storage.Redis;

/// <summary>Certificates and lists from AMD's key service, shared by all instances; Redis forgets each when it expires.</summary>
internal sealed class RedisCertificateCache(RedisCalls calls, RedisKeys keys, TimeProvider clock) : ICertificateCache
{
    public Task<byte[]?> GetAsync(string key, CancellationToken cancellation) => calls.LooselyAsync(
        async db => (byte[]?)await db.StringGetAsync(keys.Certificate(key), CommandFlags.DemandMaster), cancellation);

    public Task SetAsync(string key, ReadOnlyMemory<byte> value, DateTimeOffset expires, CancellationToken cancellation)
    {
        TimeSpan life = expires - clock.GetUtcNow();
        return life < TimeSpan.FromMilliseconds(1)
            ? RemoveAsync(key, cancellation)
            : calls.LooselyAsync(db => db.StringSetAsync(keys.Certificate(key), value, life, flags: CommandFlags.DemandMaster), cancellation);
    }

    public Task RemoveAsync(string key, CancellationToken cancellation) =>
        calls.LooselyAsync(db => db.KeyDeleteAsync(keys.Certificate(key), CommandFlags.DemandMaster), cancellation);
}
