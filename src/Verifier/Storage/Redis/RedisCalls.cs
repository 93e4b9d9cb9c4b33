using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Calls with an end: whatever Redis or the client does, a read is over after the call timeout and a change, which takes several round
/// trips, after three of them. Changes have a connection of their own, since the client holds a connection while it looks at the
/// conditions of a transaction, and reads must not wait for that; and so has what proves the primary and the changes. What is read of a tenant is
/// the answer of a proven primary, and what is acknowledged is safe from a fail-over (<see cref="RedisProofs"/>).
/// </summary>
internal sealed class RedisCalls : IAsyncDisposable
{
    private const int TripsOfAChange = 3;

    private readonly RedisOptions _options;
    private readonly RedisKeys _keys;
    private readonly RedisSentinels? _sentinels;
    private readonly RedisConnection _reads;
    private readonly RedisConnection _changes;
    private readonly RedisConnection _rounds;
    private readonly RedisProofs _proofs;
    private readonly RedisFitness _fitness;
    private readonly ConcurrentDictionary<string, string> _headsRead = new(StringComparer.Ordinal);
    private int _isDisposed;

    public RedisCalls(RedisOptions options, RedisKeys keys, RegistryIds ids, RedisInstruments instruments, TimeProvider clock)
    {
        (_options, _keys) = (options, keys);
        _sentinels = options.SentinelPrimary.Length == 0 ? null : new(options, clock);
        _reads = new(options, "verifier-reads", _sentinels, clock);
        _changes = new(options, "verifier-changes", _sentinels, clock);
        _rounds = new(options, RedisSettings.Rounds, _sentinels, clock);
        _proofs = new(_rounds, keys, options, instruments, clock);
        _fitness = new(_reads, _changes, options, ids, keys, clock);
    }

    /// <summary>What an operator should change of Redis, as far as it was asked.</summary>
    public IReadOnlyList<string> Doubts => _fitness.Doubts;

    /// <summary>Reads of a tenant what verdicts and changes go by.</summary>
    public Task<T> OnceAsync<T>(string tenant, Func<IDatabase, Task<T>> call, CancellationToken cancellation) => InTimeAsync(
        async t =>
        {
            await _fitness.EnsureAsync(t);
            (T value, string historyId) = await _reads.CallAsync(call, _keys.Pulse(tenant), t);
            await _proofs.EnsureAsync(tenant, historyId, t);
            return value;
        },
        _options.CallTimeout,
        cancellation);

    /// <summary>As <see cref="OnceAsync"/>, of a head of the log: what is confirmed later is the history that this was read of.</summary>
    public Task<T> HeadAsync<T>(string tenant, Func<IDatabase, Task<T>> call, CancellationToken cancellation) => InTimeAsync(
        async t =>
        {
            await _fitness.EnsureAsync(t);
            (T value, string historyId) = await _reads.CallAsync(call, _keys.Pulse(tenant), t);
            await _proofs.EnsureAsync(tenant, historyId, t);
            _headsRead[tenant] = historyId;
            return value;
        },
        _options.CallTimeout,
        cancellation);

    /// <summary>Reads or writes what nothing is trusted for: caches, counts, new challenges.</summary>
    public Task<T> LooselyAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancellation) => InTimeAsync(
        async t =>
        {
            await _fitness.EnsureAsync(t);
            return (await _reads.CallAsync(call, default, t)).Value;
        },
        _options.CallTimeout,
        cancellation);

    /// <summary>A write of one round trip that, where its result says so, must not be undone by a fail-over.</summary>
    public Task<T> DurablyAsync<T>(string tenant, Func<IDatabase, Task<T>> call, Func<T, bool> isPromise, CancellationToken cancellation) => InTimeAsync(
        async t =>
        {
            await _fitness.EnsureAsync(t);
            (T value, string historyId) = await _reads.CallAsync(call, _keys.Pulse(tenant), t);
            await ConfirmAsync(tenant, isPromise(value) ? historyId : null, t);
            return value;
        },
        TripsOfAChange * _options.CallTimeout,
        cancellation);

    /// <summary>A change.</summary>
    /// <param name="tenant">Whose change it is.</param>
    /// <param name="call">Makes it, and notes where.</param>
    /// <param name="isPromise">Whether the outcome tells the caller that the change stands.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<T> ChangeAsync<T>(string tenant, Func<IDatabase, RedisWritten, CancellationToken, Task<T>> call, Func<T, bool> isPromise, CancellationToken cancellation) => InTimeAsync(
        async t =>
        {
            await _fitness.EnsureAsync(t);
            RedisWritten written = new();
            // Not on the caller's thread: the client blocks it while it looks at the conditions.
            (T value, string historyId) = await _changes.CallAsync(db => Task.Run(() => call(db, written, t), t), _keys.Pulse(tenant), t);
            await ConfirmAsync(tenant, isPromise(value) ? written.HistoryId ?? historyId : null, t);
            return value;
        },
        TripsOfAChange * _options.CallTimeout,
        cancellation);

    /// <summary>Ends when the head that was read of a tenant last is safe from a fail-over; at once where there is no replica.</summary>
    public Task ConfirmReadAsync(string tenant, CancellationToken cancellation)
    {
        string historyId = _headsRead.GetValueOrDefault(tenant, "");
        return _proofs.IsAlone(historyId)
            ? Task.CompletedTask
            : InTimeAsync(
                async t =>
                {
                    await ConfirmAsync(tenant, historyId, t);
                    return true;
                },
                TripsOfAChange * _options.CallTimeout,
                cancellation);
    }

    /// <summary>Asks anew whether Redis is fit, which takes a command on each connection, and whether it proves to be the primary.</summary>
    public Task PingAsync(CancellationToken cancellation) => InTimeAsync(
        async t =>
        {
            await _fitness.CheckAsync(t);
            RedisKey pulse = _keys.Pulse(Registry.ReferenceNames.DefaultTenant);
            (TimeSpan _, string historyId) = await _reads.CallAsync(db => db.PingAsync(CommandFlags.DemandMaster), pulse, t);
            await _proofs.EnsureAsync(Registry.ReferenceNames.DefaultTenant, historyId, t);
            return true;
        },
        TripsOfAChange * _options.CallTimeout,
        cancellation);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _proofs.DisposeAsync();
        await _reads.DisposeAsync();
        await _changes.DisposeAsync();
        await _rounds.DisposeAsync();
        if (_sentinels is { } sentinels)
        {
            await sentinels.DisposeAsync();
        }

        _fitness.Dispose();
    }

    private Task ConfirmAsync(string tenant, string? historyId, CancellationToken cancellation) =>
        historyId is null ? Task.CompletedTask : _proofs.ConfirmAsync(tenant, historyId, cancellation);

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

/// <summary>In which history a transaction was made, by its own word.</summary>
internal sealed class RedisWritten
{
    public string? HistoryId { get; set; }
}
