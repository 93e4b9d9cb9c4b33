namespace Verifier.Client.Output;

/// <summary>Writes a file that the user named.</summary>
internal static class OutputFile
{
    /// <summary>Writes the whole file; one that is there is replaced.</summary>
    /// <exception cref="CommandFailure">It cannot be written.</exception>
    public static void Write(FileInfo file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            File.WriteAllBytes(file.FullName, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage($"{file}: cannot be written: {e.Message}");
        }
    }
}
