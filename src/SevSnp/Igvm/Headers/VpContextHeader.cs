using System.Buffers.Binary;

namespace SevSnp.Igvm;

/// <summary>Initial state of a virtual processor (IGVM_VHS_VP_CONTEXT), 20 bytes.</summary>
/// <param name="Gpa">Guest physical address of the save area; 0 for platforms that have none in guest memory.</param>
/// <param name="CompatibilityMask">The one platform it is for.</param>
/// <param name="FileOffset">Where the state begins in the file.</param>
/// <param name="VpIndex">The virtual processor.</param>
/// <param name="Reserved">Zero.</param>
public readonly record struct VpContextHeader(
    ulong Gpa, uint CompatibilityMask, uint FileOffset, ushort VpIndex, ushort Reserved)
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x14;

    /// <summary>Decodes the bytes behind type and length.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes, little endian.</param>
    /// <returns>The fields as they are in the file.</returns>
    public static VpContextHeader Read(ReadOnlySpan<byte> body) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(body),
        BinaryPrimitives.ReadUInt32LittleEndian(body[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(body[0xC..]),
        BinaryPrimitives.ReadUInt16LittleEndian(body[0x10..]),
        BinaryPrimitives.ReadUInt16LittleEndian(body[0x12..]));

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        Span<byte> body = bytes;
        BinaryPrimitives.WriteUInt64LittleEndian(body, Gpa);
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], CompatibilityMask);
        BinaryPrimitives.WriteUInt32LittleEndian(body[0xC..], FileOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(body[0x10..], VpIndex);
        BinaryPrimitives.WriteUInt16LittleEndian(body[0x12..], Reserved);
        return bytes;
    }
}
