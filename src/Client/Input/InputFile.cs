namespace Verifier.Client.Input;

/// <summary>The content of a file, with the name the user gave it.</summary>
internal sealed record InputFile(string Name, byte[] Bytes)
{
    /// <summary>Reads a file of the user's. Never holds more than the limit, whatever the file is or becomes while it is read.</summary>
    /// <param name="file">The file.</param>
    /// <param name="limit">Largest accepted size in bytes.</param>
    /// <param name="tooLarge">What a larger file is; null for a fault of the command line.</param>
    /// <exception cref="CommandFailure">There is no such file, it cannot be read, or it is too large.</exception>
    public static InputFile Read(FileInfo file, int limit, Func<CommandFailure>? tooLarge = null)
    {
        try
        {
            using FileStream stream = Open(file);
            byte[] buffer = new byte[limit + 1];
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length <= limit
                ? new InputFile(file.ToString(), buffer[..length])
                : throw tooLarge?.Invoke() ?? CommandFailure.Usage(TooLarge(file, limit));
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw Unreadable(file, e);
        }
    }

    /// <summary>Opens a file of the user's, which others may read at the same time.</summary>
    public static FileStream Open(FileInfo file) =>
        new(file.FullName, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 0 });

    /// <summary>True for what opening and reading a file may fail with.</summary>
    public static bool IsUnreadable(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>What to say when it did.</summary>
    public static CommandFailure Unreadable(FileInfo file, Exception e) => e is FileNotFoundException or DirectoryNotFoundException
        ? CommandFailure.Usage($"{file}: there is no such file")
        : CommandFailure.Usage($"{file}: cannot be read: {e.Message}");

    /// <summary>What to say of a file that must be one on disk.</summary>
    public static CommandFailure NotOnDisk(FileInfo file, string why) => CommandFailure.Usage($"{file}: must be a file on disk, {why}");

    public static string TooLarge(FileInfo file, int limit) => $"{file}: larger than the {limit} bytes that such a file may have";
}
