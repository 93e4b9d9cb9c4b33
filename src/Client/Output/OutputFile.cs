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

    /// <summary>Writes files that are of use together only: all are opened before the first is written, and none is left half old and half new.</summary>
    /// <param name="files">Different files, and what is to be in them; small.</param>
    /// <exception cref="CommandFailure">One cannot be written.</exception>
    public static void WriteTogether(params IReadOnlyList<(FileInfo File, byte[] Bytes)> files)
    {
        List<(FileStream Stream, bool IsNew)> opened = [];
        FileInfo current = files[0].File;
        bool hasBegun = false;
        try
        {
            foreach ((FileInfo file, _) in files)
            {
                current = file;
                bool isNew = !File.Exists(current.FullName);
                opened.Add((new FileStream(current.FullName, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 }), isNew));
            }

            hasBegun = true;
            foreach (((FileInfo file, byte[] bytes), (FileStream stream, _)) in files.Zip(opened))
            {
                current = file;
                Truncate(stream);
                stream.Write(bytes);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            opened.ForEach(o => Abandon(o.Stream, o.IsNew, hasBegun));
            throw Failure(current, e);
        }
        finally
        {
            opened.ForEach(o => o.Stream.Dispose());
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

    // A device or a pipe has no length.
    private static void Truncate(FileStream stream)
    {
        if (stream.CanSeek && stream.Length > 0)
        {
            stream.SetLength(0);
        }
    }

    // What was there before is gone once writing has begun; an empty file is mistaken for nothing else.
    private static void Abandon(FileStream stream, bool isNew, bool hasBegun)
    {
        if (isNew)
        {
            TryDelete(stream.Name);
        }
        else if (hasBegun)
        {
            Truncate(stream);
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
