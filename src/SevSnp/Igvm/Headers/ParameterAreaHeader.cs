using System.Buffers.Binary;

namespace SevSnp.Igvm;

/// <summary>Declares an area that a loader fills (IGVM_VHS_PARAMETER_AREA), 16 bytes. Applies to all platforms.</summary>
/// <param name="NumberOfBytes">Length of the area in bytes, a multiple of 4096.</param>
/// <param name="AreaIndex">The index by which other headers name the area.</param>
/// <param name="FileOffset">Where its initial content begins in the file; 0 for zeros.</param>
public readonly record struct ParameterAreaHeader(
    ulong NumberOfBytes, uint AreaIndex, uint FileOffset)
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x10;

    /// <summary>Decodes the bytes behind type and length.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes, little endian.</param>
    /// <returns>The fields as they are in the file.</returns>
    public static ParameterAreaHeader Read(ReadOnlySpan<byte> body) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(body),
        BinaryPrimitives.ReadUInt32LittleEndian(body[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(body[0xC..]));

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        Span<byte> body = bytes;
        BinaryPrimitives.WriteUInt64LittleEndian(body, NumberOfBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], AreaIndex);
        BinaryPrimitives.WriteUInt32LittleEndian(body[0xC..], FileOffset);
        return bytes;
    }
}
