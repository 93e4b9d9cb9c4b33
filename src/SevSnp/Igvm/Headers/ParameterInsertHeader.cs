using System.Buffers.Binary;

namespace SevSnp.Igvm;

/// <summary>Puts a parameter area into guest memory (IGVM_VHS_PARAMETER_INSERT), 16 bytes.</summary>
/// <param name="Gpa">Guest physical address.</param>
/// <param name="CompatibilityMask">The platforms it is for.</param>
/// <param name="AreaIndex">The area.</param>
public readonly record struct ParameterInsertHeader(
    ulong Gpa, uint CompatibilityMask, uint AreaIndex)
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x10;

    /// <summary>Decodes the bytes behind type and length.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes, little endian.</param>
    /// <returns>The fields as they are in the file.</returns>
    public static ParameterInsertHeader Read(ReadOnlySpan<byte> body) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(body),
        BinaryPrimitives.ReadUInt32LittleEndian(body[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(body[0xC..]));

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        Span<byte> body = bytes;
        BinaryPrimitives.WriteUInt64LittleEndian(body, Gpa);
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], CompatibilityMask);
        BinaryPrimitives.WriteUInt32LittleEndian(body[0xC..], AreaIndex);
        return bytes;
    }
}
