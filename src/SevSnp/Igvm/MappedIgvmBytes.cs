using System.IO.MemoryMappedFiles;

namespace SevSnp.Igvm;

/// <summary>
/// An IGVM file in a memory mapping that the caller made. Only for files that nobody else can shorten meanwhile: touching a page
/// behind the new end of a file ends the process. The view must outlive this object.
/// </summary>
public sealed unsafe class MappedIgvmBytes : IgvmBytes, IDisposable
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly long _length;
    private byte* _start;

    /// <summary>Takes hold of a view.</summary>
    /// <param name="view">A readable view that begins with the first byte of the file.</param>
    /// <param name="length">Length of the file in bytes; a view itself is rounded up to whole pages.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or more than the view has.</exception>
    public MappedIgvmBytes(MemoryMappedViewAccessor view, long length)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, view.Capacity);
        (_view, _length) = (view, length);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += view.PointerOffset;
    }

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Slice(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        Check(offset, length, _length);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    /// <summary>Lets go of the view, which stays the caller's to dispose.</summary>
    public void Dispose()
    {
        if (_start is not null)
        {
            _start = null;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
