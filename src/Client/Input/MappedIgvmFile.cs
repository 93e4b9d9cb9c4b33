using System.IO.MemoryMappedFiles;
using SevSnp.Igvm;

namespace Verifier.Client.Input;

/// <summary>An IGVM file of the user's, mapped and read. Lenient: what the format's own tools accept is shown, with its faults.</summary>
internal sealed class MappedIgvmFile : IDisposable
{
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private readonly MappedIgvmBytes _bytes;

    private MappedIgvmFile(FileInfo file)
    {
        try
        {
            long length = file.Length;
            _mapping = MemoryMappedFile.CreateFromFile(file.FullName, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            _view = _mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            _bytes = new MappedIgvmBytes(_view, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            _view?.Dispose();
            _mapping?.Dispose();
            throw CommandFailure.Usage($"{file}: cannot be read: {e.Message}");
        }

        Content = IgvmReader.TryRead(_bytes, IgvmReadOptions.Default, out IgvmFile? content, out IgvmFault fault)
            ? content
            : throw Refused(file, fault);
    }

    /// <summary>The file. Not to be used once this object is disposed.</summary>
    public IgvmFile Content { get; }

    /// <summary>Tells by its first bytes whether a file is meant to be an IGVM file.</summary>
    public static bool IsIgvm(FileInfo file)
    {
        Span<byte> start = stackalloc byte[4];
        try
        {
            using FileStream stream = file.OpenRead();
            return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("IGVM"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever reads the file next says why it cannot be read.
            return false;
        }
    }

    public static MappedIgvmFile Open(FileInfo file) => new(file);

    public void Dispose()
    {
        _bytes.Dispose();
        _view.Dispose();
        _mapping.Dispose();
    }

    private CommandFailure Refused(FileInfo file, IgvmFault fault)
    {
        Dispose();
        return new CommandFailure(ExitCode.Malformed, $"{file}: {fault}");
    }
}
