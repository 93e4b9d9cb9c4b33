using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

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
    public static PageTableRelocationHeader Read(ReadOnlySpan<byte> body)
    {
        FieldReader fields = new(body[..Size]);
        return new(fields.UInt32(), fields.UInt16(), fields.Byte(), fields.Byte(), fields.UInt64(), fields.UInt64(), fields.UInt64());
    }

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes() => new FieldWriter(Size)
        .Add(CompatibilityMask).Add(VpIndex).Add(Vtl).Add(Reserved).Add(Gpa).Add(SizeBytes).Add(UsedBytes)
        .ToArray();
}
