using System.Buffers.Binary;

namespace SevSnp.Igvm;

/// <summary>A region that a loader may move (IGVM_VHS_RELOCATABLE_REGION), 48 bytes.</summary>
/// <param name="CompatibilityMask">The platforms it is for.</param>
/// <param name="VpIndex">The virtual processor whose registers move along.</param>
/// <param name="Vtl">Its virtual trust level.</param>
/// <param name="Flags">Bit 0: VTL 2 memory; bit 1: RIP moves along; bit 2: GDTR moves along.</param>
/// <param name="Alignment">What a new address must be a multiple of, in bytes.</param>
/// <param name="Gpa">Where the region begins.</param>
/// <param name="SizeBytes">Its length in bytes.</param>
/// <param name="MinimumGpa">Lowest new address.</param>
/// <param name="MaximumGpa">End of the highest new place.</param>
public readonly record struct RelocatableRegionHeader(
    uint CompatibilityMask, ushort VpIndex, byte Vtl, byte Flags, ulong Alignment, ulong Gpa, ulong SizeBytes, ulong MinimumGpa, ulong MaximumGpa)
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x30;

    internal const byte KnownFlags = 7;

    /// <summary>Decodes the bytes behind type and length.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes, little endian.</param>
    /// <returns>The fields as they are in the file.</returns>
    public static RelocatableRegionHeader Read(ReadOnlySpan<byte> body) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(body),
        BinaryPrimitives.ReadUInt16LittleEndian(body[4..]),
        body[6],
        body[7],
        BinaryPrimitives.ReadUInt64LittleEndian(body[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(body[0x10..]),
        BinaryPrimitives.ReadUInt64LittleEndian(body[0x18..]),
        BinaryPrimitives.ReadUInt64LittleEndian(body[0x20..]),
        BinaryPrimitives.ReadUInt64LittleEndian(body[0x28..]));

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        Span<byte> body = bytes;
        BinaryPrimitives.WriteUInt32LittleEndian(body, CompatibilityMask);
        BinaryPrimitives.WriteUInt16LittleEndian(body[4..], VpIndex);
        body[6] = Vtl;
        body[7] = Flags;
        BinaryPrimitives.WriteUInt64LittleEndian(body[8..], Alignment);
        BinaryPrimitives.WriteUInt64LittleEndian(body[0x10..], Gpa);
        BinaryPrimitives.WriteUInt64LittleEndian(body[0x18..], SizeBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(body[0x20..], MinimumGpa);
        BinaryPrimitives.WriteUInt64LittleEndian(body[0x28..], MaximumGpa);
        return bytes;
    }
}
