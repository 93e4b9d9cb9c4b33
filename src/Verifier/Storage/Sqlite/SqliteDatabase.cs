using Microsoft.Data.Sqlite;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>
/// One database file: opened at first use, one writer, any number of readers. Reads run on the caller's thread, since they take
/// microseconds; writes, which wait for the disk, do not, and are waited for at most <paramref name="writeTimeout"/>.
/// </summary>
internal sealed class SqliteDatabase(string file, SqliteSchema schema, bool durable, TimeSpan writeTimeout) : IDisposable
{
    private readonly string _readerString = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = 1 }.ToString();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Lock _opening = new();
    private SqliteFiles? _files;
    private SqliteConnection? _writer;
    private bool _disposed;

    /// <summary>Reads in one transaction: everything is seen as of one moment.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellation);
        }

        try
        {
            Open();
            using SqliteConnection connection = new(_readerString);
            connection.Open();
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
            return Task.FromResult(read(connection));
        }
        catch (SqliteException e)
        {
            return Task.FromException<T>(SqliteErrors.Map(e, file));
        }
        catch (Exception e) when (e is StoreUnavailableException or StoreUnfitException)
        {
            return Task.FromException<T>(e);
        }
    }

    /// <summary>
    /// Writes in one transaction, which is on disk when this returns. A caller that stops waiting does not stop the write: like with
    /// any other store, it may have been made.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellation) => WriteAsync(write, writeTimeout, cancellation);

    /// <summary>As above, for a write that may take long.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, TimeSpan longest, CancellationToken cancellation)
    {
        if (!await _writing.WaitAsync(writeTimeout, cancellation))
        {
            throw new StoreUnavailableException($"The database '{file}' is still busy with earlier changes.");
        }

        Task<T> work = Task.Run(() => WriteAndRelease(write), CancellationToken.None);
        try
        {
            return await work.WaitAsync(longest, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new StoreUnavailableException($"The disk of '{file}' does not answer in time.", e);
        }
    }

    /// <summary>A read, and everything a write does but writing.</summary>
    public async Task PingAsync(CancellationToken cancellation)
    {
        await ReadAsync(c => c.Scalar("SELECT count(*) FROM sqlite_schema"), cancellation);
        await WriteAsync(_ => File.Exists(file) ? true : throw new StoreUnavailableException($"The database '{file}' has been removed."), cancellation);
    }

    public void Dispose()
    {
        // Waits for a write that is under way: its caller may have been told that it is durable.
        bool entered = _writing.Wait(writeTimeout);
        lock (_opening)
        {
            _disposed = true;
            Close();
        }

        if (entered)
        {
            _writing.Release();
        }
    }

    private T WriteAndRelease<T>(Func<SqliteConnection, T> write)
    {
        try
        {
            SqliteConnection writer = Open();
            using SqliteTransaction transaction = writer.BeginTransaction(deferred: false);
            T result = write(writer);
            transaction.Commit();
            return result;
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Map(e, file);
        }
        finally
        {
            _writing.Release();
        }
    }

    private SqliteConnection Open()
    {
        lock (_opening)
        {
            if (_writer is not null)
            {
                return _writer;
            }

            if (_disposed)
            {
                throw new StoreUnavailableException($"The database '{file}' is closed.");
            }

            try
            {
                _files = SqliteFiles.Claim(file);
                SqliteConnection writer = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 1 }.ToString());
                _writer = writer;
                writer.Open();
                Configure(writer);
                schema.Apply(writer, file);
                return writer;
            }
            catch (SqliteException e)
            {
                Close();
                throw SqliteErrors.Map(e, file);
            }
            catch
            {
                Close();
                throw;
            }
        }
    }

    private void Configure(SqliteConnection writer)
    {
        writer.Run("PRAGMA journal_mode = WAL");
        writer.Run(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        using SqliteCommand mode = writer.CreateCommand();
        mode.CommandText = "PRAGMA journal_mode";
        if (mode.ExecuteScalar() as string != "wal" || (durable && writer.Scalar("PRAGMA synchronous") != 2))
        {
            throw new StoreUnfitException($"The file system of '{file}' does not support a write-ahead log; put Store:DataDirectory on a local disk.");
        }
    }

    private void Close()
    {
        _writer?.Dispose();
        _writer = null;
        using (SqliteConnection any = new(_readerString))
        {
            SqliteConnection.ClearPool(any);
        }

        _files?.Dispose();
        _files = null;
    }
}
