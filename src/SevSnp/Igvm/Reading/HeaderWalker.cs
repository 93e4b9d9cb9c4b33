using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SevSnp.Igvm.Reading;

/// <summary>
/// Steps through the variable headers of one section. Where the section is damaged it stops, so it is safe even over bytes that
/// were never judged.
/// </summary>
internal ref struct HeaderWalker(ReadOnlySpan<byte> section, long sectionOffset)
{
    private readonly ReadOnlySpan<byte> _section = section;
    private int _next;

    /// <summary>The header reached.</summary>
    public IgvmHeader Current { get; private set; }

    /// <summary>The body of <see cref="Current"/>.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>The bytes between this header and the next multiple of 8.</summary>
    public ReadOnlySpan<byte> Padding { get; private set; }

    /// <summary>Offset in the file of the next header.</summary>
    public readonly long NextOffset => sectionOffset + _next;

    /// <summary>The whole section was walked.</summary>
    public readonly bool AtEnd => _next == _section.Length;

    /// <summary>Type and stated length of the next header; false where the section cuts them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryPeek(out uint rawType, out uint length)
    {
        (rawType, length) = (0, 0);
        if (_section.Length - _next < IgvmHeader.PrefixSize)
        {
            return false;
        }

        rawType = BinaryPrimitives.ReadUInt32LittleEndian(_section[_next..]);
        length = BinaryPrimitives.ReadUInt32LittleEndian(_section[(_next + 4)..]);
        return true;
    }

    /// <summary>Goes to the next header; false at the end, or where the section cuts it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool MoveNext()
    {
        if (!TryPeek(out uint rawType, out uint length)
            || IgvmHeader.PrefixSize + IgvmHeader.PaddedLength(length) > _section.Length - _next)
        {
            return false;
        }

        Current = new IgvmHeader(rawType, NextOffset, (int)length);
        Body = _section.Slice(_next + IgvmHeader.PrefixSize, (int)length);
        int end = _next + (int)Current.Span;
        Padding = _section[(_next + IgvmHeader.PrefixSize + (int)length)..end];
        _next = end;
        return true;
    }
}
