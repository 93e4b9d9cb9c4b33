namespace SevSnp.Igvm;

/// <summary>Where a variable header is, and of which type. Its fields are decoded from <see cref="IgvmFile.Body"/>.</summary>
/// <param name="RawType">The type as in the file, with the optional bit.</param>
/// <param name="Offset">Offset in the file of the first byte of its type, a multiple of 8 within the section.</param>
/// <param name="Length">Number of bytes of its body, without padding.</param>
public readonly record struct IgvmHeader(uint RawType, long Offset, int Length)
{
    /// <summary>Length in bytes of type and length in front of each body.</summary>
    public const int PrefixSize = 8;

    /// <summary>Bit 31 of the type: a loader that does not know the type may skip the header.</summary>
    public const uint OptionalBit = 1U << 31;

    /// <summary>The type; an optional header that this library skips has none of the named ones.</summary>
    public IgvmHeaderType Type => (IgvmHeaderType)(RawType & ~OptionalBit);

    /// <summary>An unknown header that may be skipped.</summary>
    public bool IsOptional => (RawType & OptionalBit) != 0;

    /// <summary>Offset in the file of the first byte of the body.</summary>
    public long BodyOffset => Offset + PrefixSize;

    /// <summary>Bytes from this header to the next: prefix, body and padding.</summary>
    public long Span => PrefixSize + PaddedLength(Length);

    internal static long PaddedLength(long length) => (length + 7) & ~7L;
}
