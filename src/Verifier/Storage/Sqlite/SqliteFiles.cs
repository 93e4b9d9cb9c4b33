using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>
/// The file of a database on disk: directory 0700 and file 0600 when they are made here (SQLite gives its other files the mode of the
/// database), and held for one process only, so that two services never take the same directory for theirs.
/// </summary>
internal sealed class SqliteFiles : IDisposable
{
    private const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private SqliteFiles(FileStream held) => _lock = held;

    public static SqliteFiles Claim(string file)
    {
        try
        {
            string directory = Path.GetDirectoryName(file)!;
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, DirectoryMode);
            }

            FileStream held = Open(file + ".lock", FileShare.None);
            try
            {
                Open(file, FileShare.ReadWrite).Dispose();
                return new SqliteFiles(held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The database '{file}' cannot be opened, or another process holds it: {e.Message}", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Open(string path, FileShare share)
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }
}
