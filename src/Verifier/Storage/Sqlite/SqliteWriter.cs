using Microsoft.Data.Sqlite;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>
/// Changes that are entries of the log: one transaction each, one after the other, since each moves the head; tried again where the log
/// had to be read on first.
/// </summary>
internal sealed class SqliteWriter(SqliteDatabase database, LogAppender log, TimeSpan longestWait) : IDisposable
{
    // Nobody else writes: once is enough, unless an import ends in between.
    private const int MostAttempts = 4;

    private readonly SemaphoreSlim _turn = new(1, 1);

    public LogAppender Log => log;

    public async Task<T> RunAsync<T>(string tenant, Func<SqliteConnection, T> write, CancellationToken cancellation)
    {
        if (!await _turn.WaitAsync(longestWait, cancellation))
        {
            throw new StoreUnavailableException("The database is still busy with earlier changes.");
        }

        try
        {
            for (int tried = 0; tried < MostAttempts; tried++)
            {
                try
                {
                    T outcome = await database.WriteAsync(write, cancellation);
                    await log.WrittenAsync(tenant);
                    return outcome;
                }
                catch (LogBehindException)
                {
                    await log.CatchUpAsync(tenant, cancellation);
                }
            }

            throw new StoreUnavailableException("Too many changes at once; this one was not made.");
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
