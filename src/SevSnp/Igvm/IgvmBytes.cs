namespace SevSnp.Igvm;

/// <summary>
/// The bytes of an IGVM file, wherever they lie: in memory, in a mapping, or in several pieces. The reader and the measurer copy
/// none of them. A file may have up to 4 GiB, more than one span can hold, so bytes are handed out by offset.
/// The bytes must not change while they are being read. Implementations may be called from several threads at once.
/// </summary>
public abstract class IgvmBytes
{
    private const int Portion = 1 << 20;

    /// <summary>Number of bytes.</summary>
    public abstract long Length { get; }

    /// <summary>A run of bytes.</summary>
    /// <param name="offset">Where it begins; 0 to <see cref="Length"/>.</param>
    /// <param name="length">How many bytes; the run must end within <see cref="Length"/>.</param>
    /// <returns>The bytes, not copied where the implementation can avoid it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The run is not within the file: a defect of the caller.</exception>
    public abstract ReadOnlySpan<byte> Slice(long offset, int length);

    /// <summary>Writes all bytes, a portion at a time.</summary>
    /// <param name="stream">Where to.</param>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        for (long at = 0; at < Length;)
        {
            int portion = (int)Math.Min(Portion, Length - at);
            stream.Write(Slice(at, portion));
            at += portion;
        }
    }

    /// <summary>Bytes in memory.</summary>
    /// <param name="memory">The file.</param>
    /// <returns>A view of the same memory.</returns>
    public static IgvmBytes Of(ReadOnlyMemory<byte> memory) => new MemoryBytes(memory);

    /// <summary>Refuses a run that is not within a file.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="total">Length of the file.</param>
    /// <exception cref="ArgumentOutOfRangeException">The run is not within the file.</exception>
    protected static void Check(long offset, int length, long total)
    {
        if (offset < 0 || length < 0 || length > total || offset > total - length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"{length} bytes at {offset} do not lie within a file of {total} bytes.");
        }
    }

    private sealed class MemoryBytes(ReadOnlyMemory<byte> memory) : IgvmBytes
    {
        public override long Length => memory.Length;

        public override ReadOnlySpan<byte> Slice(long offset, int length)
        {
            Check(offset, length, memory.Length);
            return memory.Span.Slice((int)offset, length);
        }
    }
}
