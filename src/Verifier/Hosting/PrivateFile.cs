namespace Verifier.Service.Hosting;

/// <summary>Files that only the user of this service may read.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a file; it is on the disk when this returns.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content, FileMode mode = FileMode.CreateNew)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (FileStream stream = new(path, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        SyncNames(path);
    }

    /// <summary>Gives a file that is on the disk its final name; the name is on the disk, too, when this returns.</summary>
    /// <exception cref="IOException">There is another file of that name, which is not to be overwritten; or the disk refuses.</exception>
    public static void Publish(string fresh, string path, bool overwrite)
    {
        File.Move(fresh, path, overwrite);
        SyncNames(path);
    }

    /// <summary>Makes a directory, where there is none, that only the user of this service may look into.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static void SyncNames(string path) => DirectorySync.Run(Path.GetDirectoryName(Path.GetFullPath(path))!);
}
