using StackExchange.Redis;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Calls with an end: whatever Redis or the client does, a read is over after the call timeout and a change, which takes several round
/// trips, after three of them. Changes have a connection of their own, since the client holds a connection while it looks at the
/// conditions of a transaction, and reads must not wait for that.
/// </summary>
internal sealed class RedisCalls : IAsyncDisposable
{
    private const int TripsOfAChange = 3;

    private readonly RedisOptions _options;
    private readonly RedisConnection _reads;
    private readonly RedisConnection _changes;
    private readonly RedisFitness _fitness;

    public RedisCalls(RedisOptions options, TimeProvider clock)
    {
        _options = options;
        _reads = new(options, "verifier-reads", clock);
        _changes = new(options, "verifier-changes", clock);
        _fitness = new(_reads, _changes, options, clock);
    }

    public Task<T> OnceAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancellation) => InTimeAsync(
        async t =>
        {
            await _fitness.EnsureAsync(t);
            return await _reads.CallAsync(call, t);
        },
        _options.CallTimeout,
        cancellation);

    public Task<T> ChangeAsync<T>(Func<IDatabase, CancellationToken, Task<T>> call, CancellationToken cancellation) => InTimeAsync(
        async t =>
        {
            await _fitness.EnsureAsync(t);
            // Not on the caller's thread: the client blocks it while it looks at the conditions.
            return await _changes.CallAsync(db => Task.Run(() => call(db, t), t), t);
        },
        TripsOfAChange * _options.CallTimeout,
        cancellation);

    /// <summary>Asks anew whether Redis is fit, which takes a command on each connection.</summary>
    public Task PingAsync(CancellationToken cancellation) => InTimeAsync(
        async t =>
        {
            await _fitness.CheckAsync(t);
            return true;
        },
        TripsOfAChange * _options.CallTimeout,
        cancellation);

    public async ValueTask DisposeAsync()
    {
        await _reads.DisposeAsync();
        await _changes.DisposeAsync();
        _fitness.Dispose();
    }

    private static async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> work, TimeSpan limit, CancellationToken cancellation)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(limit);
        try
        {
            return await work(end.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw RedisErrors.Late(e);
        }
    }
}
