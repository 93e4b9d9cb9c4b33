using StackExchange.Redis;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// One connection to Redis, made at first use and kept. Always to the primary: a replica may not have heard of a revocation.
/// </summary>
internal sealed class RedisConnection(RedisOptions options, string clientName, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(2);

    private readonly Lock _connecting = new();
    private Task<ConnectionMultiplexer>? _multiplexer;
    private string? _lastRefusal;
    private long? _silentSince;
    private long _epoch;
    private bool _disposed;

    /// <summary>Changes when a connection is made anew or the topology changes: whatever was known of the server may be wrong then.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    public async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancellation)
    {
        IConnectionMultiplexer multiplexer = await MultiplexerAsync(cancellation);
        try
        {
            Task<T> answer = call(multiplexer.GetDatabase());
            ObserveLater(answer);
            T result = await answer.WaitAsync(cancellation);
            NoteAnswer();
            return result;
        }
        catch (OperationCanceledException)
        {
            NoteSilence();
            throw;
        }
        catch (TimeoutException e)
        {
            NoteSilence();
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
        IConnectionMultiplexer multiplexer = await MultiplexerAsync(cancellation);
        IServer[] primaries = [.. multiplexer.GetServers().Where(s => s.IsConnected && !s.IsReplica)];
        if (primaries.Length == 0)
        {
            // Fails, and tells why.
            await CallAsync(db => db.PingAsync(CommandFlags.DemandMaster), cancellation);
            throw new StoreUnavailableException("There is no connection to a Redis primary.");
        }

        return primaries;
    }

    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? multiplexer;
        lock (_connecting)
        {
            _disposed = true;
            multiplexer = _multiplexer;
        }

        if (multiplexer is not null)
        {
            await (await multiplexer).DisposeAsync();
        }
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

    private void NoteAnswer()
    {
        lock (_connecting)
        {
            _silentSince = null;
        }
    }

    /// <summary>
    /// A connection can stand and be useless: after a broken answer the client waits for its rest for ever, while what arrives keeps it
    /// content. So one on which nothing but timeouts has been seen for a while is given up for a new one.
    /// </summary>
    private void NoteSilence()
    {
        Task<ConnectionMultiplexer>? givenUp = null;
        lock (_connecting)
        {
            _silentSince ??= clock.GetTimestamp();
            if (clock.GetElapsedTime(_silentSince.Value) > LongestSilence && _multiplexer is { IsCompletedSuccessfully: true })
            {
                (givenUp, _multiplexer, _silentSince) = (_multiplexer, null, null);
                Interlocked.Increment(ref _epoch);
            }
        }

        if (givenUp is not null)
        {
            ObserveLater(Task.Run(async () => await (await givenUp).CloseAsync(allowCommandsToComplete: false)));
        }
    }

    private async Task<IConnectionMultiplexer> MultiplexerAsync(CancellationToken cancellation)
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
        ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(RedisSettings.Create(options, clientName));
        multiplexer.ConnectionFailed += (_, _) => Interlocked.Increment(ref _epoch);
        multiplexer.ConnectionRestored += (_, _) => Interlocked.Increment(ref _epoch);
        multiplexer.ConfigurationChanged += (_, _) => Interlocked.Increment(ref _epoch);
        multiplexer.ErrorMessage += (_, e) => NoteRefusal(e.Message);
        return multiplexer;
    }

    private void NoteRefusal(string message)
    {
        if (!message.StartsWith("EXECABORT", StringComparison.Ordinal))
        {
            _lastRefusal = message;
        }
    }
}
