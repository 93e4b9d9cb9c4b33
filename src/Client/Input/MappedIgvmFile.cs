using System.IO.MemoryMappedFiles;
using SevSnp.Igvm;

namespace Verifier.Client.Input;

/// <summary>An IGVM file of the user's, mapped and read. It is not copied into memory, however large it is.</summary>
internal sealed class MappedIgvmFile : IDisposable
{
    private readonly MemoryMappedFile? _mapping;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly MappedIgvmBytes? _bytes;

    private MappedIgvmFile(FileInfo file, IgvmStrictness strictness)
    {
        Name = file.ToString();
        try
        {
            using FileStream stream = InputFile.Open(file);
            long length = stream.CanSeek ? stream.Length : throw InputFile.NotOnDisk(file, "since it is read in more than one place at once");

            // Nothing cannot be mapped. That it is too short is for the reader to say.
            if (length > 0)
            {
                _mapping = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
                _view = _mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
                _bytes = new MappedIgvmBytes(_view, length);
            }
        }
        catch (Exception e) when (InputFile.IsUnreadable(e) || e is ArgumentException)
        {
            Dispose();
            throw InputFile.Unreadable(file, e);
        }

        Content = IgvmReader.TryRead(_bytes ?? IgvmBytes.Of(default), new IgvmReadOptions { Strictness = strictness }, out IgvmFile? content, out IgvmFault fault)
            ? content
            : throw Refused(file, fault);
    }

    /// <summary>As the user named it.</summary>
    public string Name { get; }

    /// <summary>The file. Not to be used once this object is disposed.</summary>
    public IgvmFile Content { get; }

    /// <summary>Tells by its first bytes whether a file is meant to be an IGVM file.</summary>
    public static bool IsIgvm(FileInfo file)
    {
        Span<byte> start = stackalloc byte[4];
        try
        {
            using FileStream stream = file.OpenRead();

            // What comes out of a pipe is gone once it is read, and cannot be mapped.
            return stream.CanSeek && stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("IGVM"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever reads the file next says why it cannot be read.
            return false;
        }
    }

    /// <summary>Maps and reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="strictness">Lenient: what the format's own tools accept is taken, with its warnings.</param>
    /// <exception cref="CommandFailure">It cannot be read, or it is refused.</exception>
    public static MappedIgvmFile Open(FileInfo file, IgvmStrictness strictness = IgvmStrictness.Lenient) => new(file, strictness);

    public void Dispose()
    {
        _bytes?.Dispose();
        _view?.Dispose();
        _mapping?.Dispose();
    }

    private CommandFailure Refused(FileInfo file, IgvmFault fault)
    {
        Dispose();
        return new CommandFailure(ExitCode.Malformed, $"{file}: {fault}");
    }
}
