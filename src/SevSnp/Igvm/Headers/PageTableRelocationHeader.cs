using System.Buffers.Binary;

namespace SevSnp.Igvm;

/// <summary>Page tables that a loader rewrites (IGVM_VHS_PAGE_TABLE_RELOCATION), 32 bytes.</summary>
/// <param name="CompatibilityMask">The platforms it is for.</param>
/// <param name="VpIndex">The virtual processor that uses them.</param>
/// <param name="Vtl">Its virtual trust level.</param>
/// <param name="Reserved">Zero.</param>
/// <param name="Gpa">Where the region begins.</param>
/// <param name="SizeBytes">Its length in bytes.</param>
/// <param name="UsedBytes">How many bytes of it the file fills.</param>
public readonly record struct PageTableRelocationHeader(
    uint CompatibilityMask, ushort VpIndex, byte Vtl, byte Reserved, ulong Gpa, ulong SizeBytes, ulong UsedBytes)
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x20;

    /// <summary>Decodes the bytes behind type and length.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes, little endian.</param>
    /// <returns>The fields as they are in the file.</returns>
    public static PageTableRelocationHeader Read(ReadOnlySpan<byte> body) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(body),
        BinaryPrimitives.ReadUInt16LittleEndian(body[4..]),
        body[6],
        body[7],
        BinaryPrimitives.ReadUInt64LittleEndian(body[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(body[0x10..]),
        BinaryPrimitives.ReadUInt64LittleEndian(body[0x18..]));

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        Span<byte> body = bytes;
        BinaryPrimitives.WriteUInt32LittleEndian(body, CompatibilityMask);
        BinaryPrimitives.WriteUInt16LittleEndian(body[4..], VpIndex);
        body[6] = Vtl;
        body[7] = Reserved;
        BinaryPrimitives.WriteUInt64LittleEndian(body[8..], Gpa);
        BinaryPrimitives.WriteUInt64LittleEndian(body[0x10..], SizeBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(body[0x18..], UsedBytes);
        return bytes;
    }
}
