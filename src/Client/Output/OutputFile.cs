namespace Verifier.Client.Output;

/// <summary>Writes files that the user named. A file that is there is replaced.</summary>
internal static class OutputFile
{
    /// <exception cref="CommandFailure">It cannot be written.</exception>
    public static void Write(FileInfo file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            File.WriteAllBytes(file.FullName, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(file, e);
        }
    }

    /// <summary>Writes a large file beside its place, and puts it there when it is complete.</summary>
    /// <exception cref="CommandFailure">It cannot be written.</exception>
    public static void Write(FileInfo file, IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        string draft = $"{file.FullName}.{Guid.NewGuid():n}.part";
        try
        {
            using (FileStream stream = new(draft, FileMode.CreateNew, FileAccess.Write))
            {
                foreach (ReadOnlyMemory<byte> piece in pieces)
                {
                    stream.Write(piece.Span);
                }
            }

            File.Move(draft, file.FullName, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(draft);
            throw Failure(file, e);
        }
    }

    /// <summary>Writes a text file that may be long; one that is there is replaced.</summary>
    /// <exception cref="CommandFailure">It cannot be written.</exception>
    public static void WriteText(FileInfo file, Action<TextWriter> write)
    {
        try
        {
            using StreamWriter writer = new(file.FullName, append: false);
            write(writer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(file, e);
        }
    }

    private static void TryDelete(string draft)
    {
        try
        {
            File.Delete(draft);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What made the writing fail is told; that a draft may be left behind follows from it.
        }
    }

    private static CommandFailure Failure(FileInfo file, Exception e) => CommandFailure.Usage($"{file}: cannot be written: {e.Message}");
}
