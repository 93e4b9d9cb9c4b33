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
            using FileStream stream = new(file.FullName, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, BufferSize = 0 });
            byte[] buffer = new byte[limit + 1];
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length <= limit
                ? new InputFile(file.ToString(), buffer[..length])
                : throw tooLarge?.Invoke() ?? CommandFailure.Usage(TooLarge(file, limit));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CommandFailure.Usage($"{file}: there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw CommandFailure.Usage($"{file}: cannot be read: {e.Message}");
        }
    }

    public static string TooLarge(FileInfo file, int limit) => $"{file}: larger than the {limit} bytes that such a file may have";
}
