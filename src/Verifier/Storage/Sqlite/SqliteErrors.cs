using Microsoft.Data.Sqlite;
using SQLitePCL;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>Faults of SQLite in the words of the store: what may pass by itself, and what needs an operator.</summary>
internal static class SqliteErrors
{
    public static Exception Map(SqliteException e, string file) => e.SqliteErrorCode switch
    {
        raw.SQLITE_CORRUPT => new StoreUnfitException($"The database '{file}' is damaged: restore it from a backup.", e),
        raw.SQLITE_NOTADB => new StoreUnfitException($"The file '{file}' is not a database: point Store:DataDirectory elsewhere, or restore it.", e),
        raw.SQLITE_FULL => new StoreUnavailableException($"The disk of '{file}' is full.", e),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new StoreUnavailableException($"The database '{file}' is in use by another program.", e),
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM =>
            new StoreUnavailableException($"The database '{file}' cannot be opened for writing.", e),
        raw.SQLITE_CONSTRAINT or raw.SQLITE_ERROR or raw.SQLITE_MISMATCH =>
            new StoreUnfitException($"The database '{file}' does not have the tables it should have: restore it from a backup.", e),
        _ => new StoreUnavailableException($"The database '{file}' answers with error {e.SqliteErrorCode}.", e),
    };
}
