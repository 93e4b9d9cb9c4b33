using System.Collections.Concurrent;
using System.Net;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Proof that who answers is still the primary, and that what it acknowledged would survive a fail-over. Both come from rounds on a
/// connection of their own: a write, and what the replicas say of it (<see cref="RedisShardProof"/>). Rounds run in the background, so that
/// a call which finds a recent one asks nothing more. Without replicas, now and ever, a round is one question and proves itself.
/// </summary>
internal sealed class RedisProofs(RedisConnection connection, RedisKeys keys, RedisOptions options, RedisInstruments instruments, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>
    /// What was answered later than this after the round began that proved the primary is not believed. With the time that a verdict may
    /// take after its look-up it stays under the two seconds that are promised.
    /// </summary>
    public static readonly TimeSpan OldestProof = TimeSpan.FromSeconds(1.1);

    private readonly ConcurrentDictionary<string, RedisRound> _proven = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RedisShardProof> _shards = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new();

    /// <summary>Ends at once when the history was proven recently, else with the proof.</summary>
    /// <exception cref="StoreUnavailableException">There is none: the answer may be that of a primary that has been replaced.</exception>
    public Task EnsureAsync(string tenant, string historyId, CancellationToken cancellation) =>
        IsProven(historyId) ? Task.CompletedTask : ProveAsync(tenant, historyId, cancellation);

    /// <summary>Ends when every replica that could be made the primary has what was written to the history before.</summary>
    /// <exception cref="StoreNotDurableException">That cannot be had; the change may stand or be lost by a fail-over.</exception>
    public async Task ConfirmAsync(string tenant, string historyId, CancellationToken cancellation)
    {
        RedisRound? last = null;
        try
        {
            while (true)
            {
                last = await (await ShardAsync(tenant, cancellation)).NextAsync(all: true).WaitAsync(cancellation);
                if (last.HistoryId != historyId)
                {
                    throw NotDurable("the primary has been replaced meanwhile");
                }

                if (ReplicaRules.ProvesChange(last, options.Replicas))
                {
                    return;
                }

                if (!ReplicaRules.MayStillProveChange(last, options.Replicas))
                {
                    throw NotDurable(Told(last));
                }
            }
        }
        catch (OperationCanceledException e)
        {
            throw NotDurable(last is null ? "the replicas were not heard in time" : Told(last), e);
        }
        catch (StoreUnavailableException e) when (e is not StoreNotDurableException)
        {
            throw NotDurable("the primary cannot be asked any more", e);
        }
    }

    /// <summary>Whether no replica has to be waited for: there is none, and never was.</summary>
    public bool IsAlone(string historyId) =>
        IsProven(historyId) && _proven.TryGetValue(historyId, out RedisRound? round) && round.Connected == 0 && ReplicaRules.ProvesChange(round, options.Replicas);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (RedisShardProof shard in _shards.Values)
        {
            await shard.DisposeAsync();
        }

        _end.Dispose();
    }

    private static string Told(RedisRound round) =>
        $"{round.Acknowledged} of {round.Connected} connected replicas have it, of {round.Known} that there were; if one is away for long, set Store:Redis:Replicas to how many there are";

    private bool IsProven(string historyId) =>
        _proven.TryGetValue(historyId, out RedisRound? round) && clock.GetElapsedTime(round.At) < OldestProof;

    private async Task ProveAsync(string tenant, string historyId, CancellationToken cancellation)
    {
        StoreUnavailableException? fault = null;
        while (true)
        {
            RedisRound round;
            try
            {
                round = await (await ShardAsync(tenant, cancellation)).NextAsync(all: false).WaitAsync(cancellation);
            }
            catch (StoreUnavailableException e)
            {
                // The connection of the rounds may come back a little later than that of the answer.
                fault = e;
                await PauseAsync(fault, cancellation);
                continue;
            }
            catch (OperationCanceledException) when (fault is not null)
            {
                throw fault;
            }

            if (IsProven(historyId))
            {
                return;
            }

            if (round.HistoryId != historyId)
            {
                instruments.Unproven("read");
                throw new StoreUnavailableException("The answer is that of another Redis than the one that is the primary now.");
            }

            if (!ReplicaRules.ProvesPrimary(round, options.Replicas))
            {
                instruments.Unproven("read");
                throw new StoreUnavailableException(
                    $"Redis cannot prove to be the primary still, since too few replicas answer it: {Told(round)}.");
            }
        }
    }

    private static async Task PauseAsync(StoreUnavailableException fault, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(20, cancellation);
        }
        catch (OperationCanceledException)
        {
            throw fault;
        }
    }

    private StoreNotDurableException NotDurable(string why, Exception? e = null)
    {
        instruments.Unproven("change");
        return new($"A change is not safe on every replica that could be made the primary: {why}.", e);
    }

    /// <summary>One for all tenants; in a cluster one for each primary, found by a tenant's slot.</summary>
    private async Task<RedisShardProof> ShardAsync(string tenant, CancellationToken cancellation)
    {
        EndPoint? place = await connection.PlaceAsync(keys.Pulse(tenant), cancellation);
        string name = place?.ToString() ?? "";
        while (true)
        {
            RedisShardProof shard = _shards.GetOrAdd(
                name, n => new RedisShardProof(connection, place is null ? keys.Pulse() : keys.Pulse(tenant), place, options, Note, clock, _end.Token));
            if (shard.Begin())
            {
                return shard;
            }

            // It has ended because nobody asked for long, or its tenant moved away.
            _shards.TryRemove(new KeyValuePair<string, RedisShardProof>(name, shard));
        }
    }

    private void Note(RedisRound round)
    {
        instruments.Replicas(round.Connected, round.Acknowledged);
        if (ReplicaRules.ProvesPrimary(round, options.Replicas))
        {
            _proven[round.HistoryId] = round;
            foreach ((string id, RedisRound old) in _proven)
            {
                if (clock.GetElapsedTime(old.At) > TimeSpan.FromMinutes(1))
                {
                    _proven.TryRemove(id, out _);
                }
            }
        }
    }
}
