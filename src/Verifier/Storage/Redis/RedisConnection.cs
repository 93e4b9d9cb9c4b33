using System.Net;
using StackExchange.Redis;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// One connection to Redis, made at first use and kept. Always to the primary: a replica may not have heard of a revocation.
/// </summary>
internal sealed class RedisConnection(RedisOptions options, string clientName, RedisSentinels? sentinels, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan LongestUselessness = TimeSpan.FromSeconds(2);

    private readonly Lock _connecting = new();
    private Task<ConnectionMultiplexer>? _multiplexer;
    private Task? _renewing;
    private string? _lastRefusal;
    private volatile string? _primary;
    private volatile bool _isCluster;
    private long? _uselessSince;
    private long _epoch;
    private bool _disposed;

    /// <summary>Changes when a connection is made anew or the topology changes: whatever was known of the server may be wrong then.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    /// <param name="call">What is asked.</param>
    /// <param name="near">A key whose server answers; of any server that is not in a cluster.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<RedisAnswer<T>> CallAsync<T>(Func<IDatabase, Task<T>> call, RedisKey near, CancellationToken cancellation)
    {
        ConnectionMultiplexer multiplexer = await MultiplexerAsync(cancellation);
        FollowSentinels(multiplexer);
        try
        {
            Task<(T Result, bool IsPrimarys, string HistoryId)> answer = AskAsync(call, multiplexer.GetDatabase(), near);
            ObserveLater(answer);
            (T result, bool isPrimarys, string historyId) = await answer.WaitAsync(cancellation);
            if (!isPrimarys)
            {
                NoteUseless();
                throw RedisErrors.NotPrimary();
            }

            NoteUseful();
            return new(result, historyId);
        }
        catch (OperationCanceledException)
        {
            NoteUseless();
            throw;
        }
        catch (Exception e) when (e is TimeoutException or RedisConnectionException)
        {
            NoteUseless();
            throw RedisErrors.Map(e);
        }
        catch (RedisServerException e) when (e.Kind == RedisErrorKind.ExecAbort)
        {
            throw await WasForLackOfRightsAsync() ? RedisErrors.NoRight(e) : RedisErrors.Map(e);
        }
        catch (Exception e) when (RedisErrors.IsFault(e))
        {
            throw RedisErrors.Map(e);
        }
    }

    /// <summary>Each primary that is connected; none at all is an outage.</summary>
    public async Task<IServer[]> PrimariesAsync(CancellationToken cancellation)
    {
        ConnectionMultiplexer multiplexer = await MultiplexerAsync(cancellation);
        IServer[] primaries = [.. multiplexer.GetServers().Where(s => s.IsConnected && !s.IsReplica)];
        if (primaries.Length == 0)
        {
            // Fails, and tells why.
            await CallAsync(db => db.PingAsync(CommandFlags.DemandMaster), default, cancellation);
            throw new StoreUnavailableException("There is no connection to a Redis primary.");
        }

        return primaries;
    }

    /// <summary>The primary that holds a key in a cluster; null where there is only one.</summary>
    public async Task<EndPoint?> PlaceAsync(RedisKey key, CancellationToken cancellation)
    {
        ConnectionMultiplexer multiplexer = await MultiplexerAsync(cancellation);
        try
        {
            return _isCluster ? ServerOf(multiplexer.GetDatabase(), key).EndPoint : null;
        }
        catch (Exception e) when (RedisErrors.IsFault(e))
        {
            throw RedisErrors.Map(e);
        }
    }

    public static IServer ServerOf(IDatabase db, RedisKey key)
    {
        try
        {
            return db.Multiplexer.GetServer(key, flags: CommandFlags.DemandMaster);
        }
        catch (InvalidOperationException e)
        {
            // So the client says that it is connected to no primary of this key.
            throw new RedisConnectionException(ConnectionFailureType.UnableToResolvePhysicalConnection, CommandFlags.DemandMaster, e.Message, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task? renewing;
        Task<ConnectionMultiplexer>? multiplexer;
        lock (_connecting)
        {
            _disposed = true;
            (renewing, multiplexer) = (_renewing, _multiplexer);
        }

        if (renewing is not null)
        {
            await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (multiplexer is not null)
        {
            await (await multiplexer).DisposeAsync();
        }
    }

    /// <summary>
    /// An answer, and behind it the role of who gave it: a primary that was made a replica goes on answering reads over the connections
    /// it has, and may lack what the new primary has acknowledged. In a cluster it sends the caller to the new one by itself.
    /// </summary>
    private async Task<(T Result, bool IsPrimarys, string HistoryId)> AskAsync<T>(Func<IDatabase, Task<T>> call, IDatabase db, RedisKey near)
    {
        Task<T> answer = call(db);
        Task<RedisResult> roles = _isCluster && near != default(RedisKey)
            ? ServerOf(db, near).ExecuteAsync("INFO", ["replication"], CommandFlags.NoRedirect)
            : db.ExecuteAsync("INFO", ["replication"], CommandFlags.DemandMaster);
        await Task.WhenAll(answer, roles);
        (bool isPrimary, string historyId) = RedisReplication.Identity((await roles).ToString());
        return (await answer, isPrimary, historyId);
    }

    private static void ObserveLater(Task task) =>
        _ = task.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>
    /// EXEC says only that a command before it was refused. The client tells that refusal as an event, which can come a little later.
    /// Nothing was written either way; this decides only which of two faults the caller is told.
    /// </summary>
    private async ValueTask<bool> WasForLackOfRightsAsync()
    {
        for (int i = 0; i < 5 && _lastRefusal is null; i++)
        {
            await Task.Delay(10);
        }

        return Interlocked.Exchange(ref _lastRefusal, null)?.StartsWith("NOPERM", StringComparison.Ordinal) == true;
    }

    private void NoteUseful()
    {
        lock (_connecting)
        {
            _uselessSince = null;
        }
    }

    /// <summary>
    /// A connection can be of no use for ever, whatever the server does: after a broken answer the client waits for its rest, or is never
    /// connected again, and a replica that was made the primary goes unseen. So one that has been of no use for a while is replaced, but
    /// only by one that is connected: during an outage calls go on to fail at once instead of waiting for another attempt.
    /// </summary>
    private void NoteUseless()
    {
        lock (_connecting)
        {
            _uselessSince ??= clock.GetTimestamp();
            if (!_disposed
                && _renewing is not { IsCompleted: false }
                && _multiplexer is { IsCompletedSuccessfully: true } useless
                && clock.GetElapsedTime(_uselessSince.Value) > LongestUselessness)
            {
                Renew(useless.Result);
            }
        }
    }

    /// <summary>The sentinels have made another server the primary: it is connected to while the old one, if it still can, answers.</summary>
    private void FollowSentinels(ConnectionMultiplexer multiplexer)
    {
        if (sentinels?.Current is not { } current || current == _primary)
        {
            return;
        }

        lock (_connecting)
        {
            if (!_disposed && _renewing is not { IsCompleted: false } && _multiplexer is { IsCompletedSuccessfully: true } known && known.Result == multiplexer)
            {
                Renew(multiplexer);
            }
        }
    }

    private void Renew(ConnectionMultiplexer old)
    {
        _uselessSince = null;
        _renewing = Task.Run(() => RenewAsync(old));
        ObserveLater(_renewing);
    }

    private async Task RenewAsync(ConnectionMultiplexer useless)
    {
        (ConnectionMultiplexer renewed, string? primary) = await ConnectToAsync();
        bool isReplaced;
        lock (_connecting)
        {
            isReplaced = !_disposed && renewed.IsConnected;
            if (isReplaced)
            {
                _multiplexer = Task.FromResult(renewed);
                _primary = primary;
                Interlocked.Increment(ref _epoch);
            }
        }

        await (isReplaced ? useless : renewed).CloseAsync(allowCommandsToComplete: false);
    }

    private async Task<ConnectionMultiplexer> MultiplexerAsync(CancellationToken cancellation)
    {
        Task<ConnectionMultiplexer> connecting;
        lock (_connecting)
        {
            if (_disposed)
            {
                throw new StoreUnavailableException("The connection to Redis is closed.");
            }

            // A fault here is one of our settings, since an unreachable server is not a fault; the next call tries again.
            connecting = _multiplexer is { IsFaulted: false } ? _multiplexer : _multiplexer = Task.Run(ConnectAsync, CancellationToken.None);
        }

        try
        {
            return await connecting.WaitAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or RedisException)
        {
            throw new StoreUnavailableException("The connection to Redis cannot be set up: check Store:Redis and its files.", e);
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        (ConnectionMultiplexer multiplexer, string? primary) = await ConnectToAsync();
        _primary = primary;
        return multiplexer;
    }

    private async Task<(ConnectionMultiplexer Multiplexer, string? Primary)> ConnectToAsync()
    {
        string? primary = sentinels is null ? null : await sentinels.PrimaryAsync();
        ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(RedisSettings.Create(options, clientName, primary));
        multiplexer.ConnectionFailed += (_, _) => Interlocked.Increment(ref _epoch);
        multiplexer.ConnectionRestored += (_, _) => NoteTopology(multiplexer);
        multiplexer.ConfigurationChanged += (_, _) => NoteTopology(multiplexer);
        multiplexer.ErrorMessage += (_, e) => NoteRefusal(e.Message);
        _isCluster |= IsCluster(multiplexer);
        return (multiplexer, primary);
    }

    private void NoteTopology(ConnectionMultiplexer multiplexer)
    {
        // Once a cluster, always one: a node that is away tells nothing of itself.
        _isCluster |= IsCluster(multiplexer);
        Interlocked.Increment(ref _epoch);
    }

    private static bool IsCluster(ConnectionMultiplexer multiplexer) => multiplexer.GetServers().Any(s => s.IsConnected && s.ServerType == ServerType.Cluster);

    private void NoteRefusal(string message)
    {
        if (!message.StartsWith("EXECABORT", StringComparison.Ordinal))
        {
            _lastRefusal = message;
        }
    }
}

/// <summary>An answer, and the history of the primary that gave it.</summary>
internal readonly record struct RedisAnswer<T>(T Value, string HistoryId);
