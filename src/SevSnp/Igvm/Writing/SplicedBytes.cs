namespace SevSnp.Igvm.Writing;

/// <summary>A new beginning in front of the rest of another file.</summary>
internal sealed class SplicedBytes(byte[] front, IgvmBytes original, long restOffset) : IgvmBytes
{
    public override long Length => front.Length + (original.Length - restOffset);

    public override ReadOnlySpan<byte> Slice(long offset, int length)
    {
        Check(offset, length, Length);
        if (offset >= front.Length)
        {
            return original.Slice(restOffset + (offset - front.Length), length);
        }

        int inFront = (int)Math.Min(length, front.Length - offset);
        if (inFront == length)
        {
            return front.AsSpan((int)offset, length);
        }

        // Only a run across the seam must be put together.
        byte[] joined = new byte[length];
        front.AsSpan((int)offset, inFront).CopyTo(joined);
        original.Slice(restOffset, length - inFront).CopyTo(joined.AsSpan(inFront));
        return joined;
    }
}
