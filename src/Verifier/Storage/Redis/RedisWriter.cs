using StackExchange.Redis;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Changes by WATCH, MULTI and EXEC: everything of a change, the entry of the log and its new head, all or nothing. No scripts, so
/// that the user of the service needs no right to run any. Changes of one tenant all move its head, so they follow one another: those
/// of this process wait in turn, and only those of other instances are met by trying again.
/// </summary>
internal sealed class RedisWriter(RedisCalls calls, RedisKeys keys, LogAppender log)
{
    private const int Turns = 64;
    private const int LongestPause = 12;

    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Reads, plans and writes until nothing of what was read has changed meanwhile, or the time of a change is over.</summary>
    /// <param name="tenant">Whose change it is.</param>
    /// <param name="attempt">Gives the outcome, or null when something had changed.</param>
    /// <param name="isPromise">Whether an outcome tells the caller that the change stands.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<T> RunAsync<T>(string tenant, Func<IDatabase, RedisWritten, Task<T?>> attempt, Func<T, bool> isPromise, CancellationToken cancellation)
        where T : class => calls.ChangeAsync(
        tenant,
        async (db, written, end) =>
        {
            SemaphoreSlim turn = _turns[(uint)tenant.GetHashCode(StringComparison.Ordinal) % Turns];
            await turn.WaitAsync(end);
            try
            {
                for (int tried = 0; ; tried++)
                {
                    end.ThrowIfCancellationRequested();
                    try
                    {
                        if (await attempt(db, written) is { } outcome)
                        {
                            await log.WrittenAsync(tenant);
                            return outcome;
                        }
                    }
                    catch (LogBehindException)
                    {
                        await log.CatchUpAsync(tenant, end);
                        continue;
                    }

                    await Task.Delay(Random.Shared.Next(1, 2 + Math.Min(tried, LongestPause)), end);
                }
            }
            finally
            {
                turn.Release();
            }
        },
        isPromise,
        cancellation);

    /// <summary>False when something of what was read has changed meanwhile; nothing is written then.</summary>
    public async Task<bool> TryWriteAsync(IDatabase db, RedisWritten written, string tenant, string what, RedisLogView? view, Ledger.LogEntry entry, Func<ITransaction, IEnumerable<Task>> queue)
    {
        if (view is null)
        {
            return false;
        }

        LogAppend append = log.Append(tenant, view.Head, view.Entries, entry);
        ITransaction transaction = db.CreateTransaction();
        foreach (Condition condition in view.StillHolds)
        {
            transaction.AddCondition(condition);
        }

        List<Task> writes =
        [
            .. queue(transaction),
            transaction.ListRightPushAsync(keys.Log(tenant), RedisChangeLog.Frame(append)),
            transaction.StringSetAsync(keys.Head(tenant), append.Head),
        ];
        Task<RedisResult> describing = transaction.ExecuteAsync("INFO", "replication");
        bool applied = await transaction.ExecuteAsync(CommandFlags.DemandMaster);
        if (applied)
        {
            await AllWrittenAsync(tenant, what, writes);
            written.HistoryId = RedisReplication.Identity((await describing).ToString()).HistoryId;
        }

        return applied;
    }

    /// <summary>Redis does not undo a transaction one of whose commands fails: that cannot happen unless keys were tampered with, and must be told.</summary>
    public static async Task AllWrittenAsync(string tenant, string what, List<Task> writes)
    {
        try
        {
            await Task.WhenAll(writes);
        }
        catch (RedisServerException e)
        {
            throw RecordCodec.Unfit($"{what} of tenant '{tenant}'", "a change of it was written in part only", e);
        }
    }
}

/// <summary>The log as it stands before a change, and everything that must still hold when it is written; null where it moved while it was read.</summary>
internal sealed record RedisLogView(byte[]? Head, long Entries, IReadOnlyList<Condition> StillHolds)
{
    /// <summary>
    /// The length is read between two reads of the head, which every change moves: where both are equal, the length belongs to them.
    /// Otherwise a change in between would look like a log that does not fit its head.
    /// </summary>
    public static async Task<RedisLogView?> ReadAsync(IDatabase db, RedisKeys keys, string tenant)
    {
        Task<RedisValue> heading = db.StringGetAsync(keys.Head(tenant), CommandFlags.DemandMaster);
        Task<long> counting = db.ListLengthAsync(keys.Log(tenant), CommandFlags.DemandMaster);
        Task<RedisValue> again = db.StringGetAsync(keys.Head(tenant), CommandFlags.DemandMaster);
        await Task.WhenAll(heading, counting, again);
        RedisValue head = await heading;
        long entries = await counting;
        return head != await again ? null : new(
            head.IsNull ? null : RedisQueries.Bytes(head),
            entries,
            [
                head.IsNull ? Condition.KeyNotExists(keys.Head(tenant)) : Condition.StringEqual(keys.Head(tenant), head),
                Condition.ListLengthEqual(keys.Log(tenant), entries),
            ]);
    }
}
