using System.Globalization;
using System.Net;
using StackExchange.Redis;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Rounds of proof with one primary, one after the other: several times a second by themselves, and at once when somebody waits. All that
/// wait share the next one. A round writes first, so that an acknowledgement of it is new, and then asks the primary how far each of its
/// replicas is; WAIT only makes them say so sooner. Nothing of it depends on which connection wrote what.
/// </summary>
internal sealed class RedisShardProof(
    RedisConnection connection, RedisKey key, EndPoint? place, RedisOptions options, Action<RedisRound> note, TimeProvider clock, CancellationToken stop) : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(1);
    private static readonly Version FirstWithWaitAof = new(7, 2);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wanted = new(0);
    private TaskCompletionSource<RedisRound>? _next;
    private bool _nextIsOfAll;
    private Task? _running;
    private bool _ended;
    private bool _mayNotWaitAof;
    private long _lastAsked;

    /// <summary>Starts the rounds; false when they have ended for good.</summary>
    public bool Begin()
    {
        lock (_gate)
        {
            _lastAsked = clock.GetTimestamp();
            _running ??= Task.Run(RunAsync, CancellationToken.None);
            return !_ended;
        }
    }

    /// <summary>The result of a round that begins after this was called.</summary>
    /// <param name="all">Whether every connected replica is waited for, rather than a majority.</param>
    public Task<RedisRound> NextAsync(bool all)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return Task.FromException<RedisRound>(new StoreUnavailableException("The primary is being looked for."));
            }

            _nextIsOfAll |= all;
            if (_next is null)
            {
                // Whoever waits goes on by itself, not inside of the rounds.
                _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _wanted.Release();
            }

            return _next.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_running ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _wanted.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            TaskCompletionSource<RedisRound>? waiting;
            bool all;
            lock (_gate)
            {
                (waiting, all) = (_next, _nextIsOfAll);
                (_next, _nextIsOfAll) = (null, false);
                if (stop.IsCancellationRequested || (waiting is null && clock.GetElapsedTime(_lastAsked) > LongestIdle))
                {
                    _ended = true;
                    waiting?.SetException(new StoreUnavailableException("The connection to Redis is closed."));
                    return;
                }
            }

            TimeSpan pause = Period;
            try
            {
                RedisRound round = await AskAsync(all);
                note(round);
                waiting?.SetResult(round);
            }
            catch (Exception e)
            {
                pause = PauseAfterFailure;
                Fail(waiting, e);
            }

            await PauseAsync(pause);
        }
    }

    // Nobody need be waiting: a fault that nobody observes is no news.
    private static void Fail(TaskCompletionSource<RedisRound>? waiting, Exception e)
    {
        if (waiting is not null)
        {
            waiting.SetException(e is OperationCanceledException ? RedisErrors.Late(e) : e);
            _ = waiting.Task.Exception;
        }
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            if (pause == PauseAfterFailure)
            {
                await Task.Delay(pause, clock, stop);
                while (_wanted.Wait(0, CancellationToken.None))
                {
                    // Whoever waits is served by the next round, which comes now.
                }
            }
            else
            {
                await _wanted.WaitAsync(pause, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The end is seen at the beginning of the next round.
        }
    }

    private async Task<RedisRound> AskAsync(bool all)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(3 * options.CallTimeout);
        return (await connection.CallAsync(db => AskAsync(db, all), key, limit.Token)).Value;
    }

    private async Task<RedisRound> AskAsync(IDatabase db, bool all)
    {
        long at = clock.GetTimestamp();
        IServer server = RedisConnection.ServerOf(db, key);
        if (place is not null && !Equals(server.EndPoint, place))
        {
            lock (_gate)
            {
                _ended = true;
            }

            throw new StoreUnavailableException("The slot of a tenant has moved to another primary.");
        }

        Task<RedisResult> describing = server.ExecuteAsync("INFO", ["replication"], CommandFlags.NoRedirect);
        Task<RedisResult> remembering = server.ExecuteAsync("GET", [key], CommandFlags.NoRedirect);
        await Task.WhenAll(describing, remembering);
        RedisReplication before = RedisReplication.Parse((await describing).ToString());
        if (!before.IsPrimary)
        {
            throw RedisErrors.NotPrimary();
        }

        _ = int.TryParse((await remembering).ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int ever);
        int known = Math.Max(ever, before.Acknowledged.Count);
        if (before.Acknowledged.Count == 0)
        {
            return new RedisRound(at, before.HistoryId, 0, 0, known);
        }

        int waited = all ? before.Acknowledged.Count : Math.Min(before.Acknowledged.Count, ReplicaRules.Majority(options.Replicas ?? known));
        return await WriteAsync(server, at, before, known, waited, all && options.Durability == RedisDurability.Always);
    }

    private async Task<RedisRound> WriteAsync(IServer server, long at, RedisReplication before, int known, int waited, bool synced)
    {
        bool aof = synced && !_mayNotWaitAof && server.Version >= FirstWithWaitAof;
        int milliseconds = (int)options.CallTimeout.TotalMilliseconds;
        Task<RedisResult> writing = server.ExecuteAsync("SET", [key, known], CommandFlags.NoRedirect);
        Task<RedisResult> measuring = server.ExecuteAsync("INFO", ["replication"], CommandFlags.NoRedirect);
        Task<RedisResult> waiting = aof
            ? server.ExecuteAsync("WAITAOF", [0, waited, milliseconds], CommandFlags.NoRedirect)
            : server.ExecuteAsync("WAIT", [waited, milliseconds], CommandFlags.NoRedirect);
        Task<RedisResult> asking = server.ExecuteAsync("INFO", ["replication"], CommandFlags.NoRedirect);
        try
        {
            await Task.WhenAll(writing, measuring, waiting, asking);
        }
        catch (RedisServerException e) when (aof && waiting.IsFaulted && (e.Kind is RedisErrorKind.NoPermission || RedisErrors.IsUnknownCommand(e)))
        {
            _mayNotWaitAof = true;
            return await WriteAsync(server, at, before, known, waited, synced);
        }

        RedisReplication written = RedisReplication.Parse((await measuring).ToString());
        RedisReplication after = RedisReplication.Parse((await asking).ToString());
        if (!after.IsPrimary || written.HistoryId != before.HistoryId || after.HistoryId != before.HistoryId)
        {
            throw RedisErrors.NotPrimary();
        }

        int acknowledged = after.Acknowledged.Count(o => o >= written.Offset);
        return new RedisRound(at, before.HistoryId, after.Acknowledged.Count, acknowledged, Math.Max(known, after.Acknowledged.Count))
        {
            Synced = aof ? (int)((RedisResult[])(await waiting)!)[1] : null,
        };
    }
}
