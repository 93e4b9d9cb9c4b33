using StackExchange.Redis;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Redis;

/// <summary>The log of changes in Redis: a list whose elements are the leaf's hash and its data.</summary>
internal sealed class RedisChangeLog(RedisCalls calls, RedisKeys keys) : IChangeLog
{
    private const int HashSize = 32;

    public static byte[] Frame(LogAppend append) => [.. append.LeafHash, .. append.Entry];

    public Task<byte[]?> HeadAsync(string tenant, CancellationToken cancellation) => calls.HeadAsync(
        tenant,
        async db =>
        {
            RedisValue head = await db.StringGetAsync(keys.Head(tenant), CommandFlags.DemandMaster);
            return head.IsNull ? null : RedisQueries.Bytes(head);
        },
        cancellation);

    public Task<long> CountAsync(string tenant, CancellationToken cancellation) =>
        calls.OnceAsync(tenant, db => db.ListLengthAsync(keys.Log(tenant), CommandFlags.DemandMaster), cancellation);

    public async Task<IReadOnlyList<LogLeaf>> ReadAsync(string tenant, long first, int count, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        RedisValue[] frames = await calls.OnceAsync(
            tenant,
            db => db.ListRangeAsync(keys.Log(tenant), first, first + count - 1, CommandFlags.DemandMaster), cancellation);
        return [.. frames.Select((frame, i) => Leaf(tenant, first + i, RedisQueries.Bytes(frame)))];
    }

    public Task ConfirmAsync(string tenant, CancellationToken cancellation) => calls.ConfirmReadAsync(tenant, cancellation);

    private static LogLeaf Leaf(string tenant, long index, byte[] frame)
    {
        int hashSize = Math.Min(HashSize, frame.Length);
        return LogLeaves.Checked(tenant, index, frame[hashSize..], frame.AsSpan(0, hashSize));
    }
}
