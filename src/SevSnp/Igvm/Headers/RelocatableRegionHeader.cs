using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

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
    public static RelocatableRegionHeader Read(ReadOnlySpan<byte> body)
    {
        FieldReader fields = new(body[..Size]);
        return new(
            fields.UInt32(), fields.UInt16(), fields.Byte(), fields.Byte(), fields.UInt64(),
            fields.UInt64(), fields.UInt64(), fields.UInt64(), fields.UInt64());
    }

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes() => new FieldWriter(Size)
        .Add(CompatibilityMask).Add(VpIndex).Add(Vtl).Add(Flags).Add(Alignment).Add(Gpa).Add(SizeBytes).Add(MinimumGpa).Add(MaximumGpa)
        .ToArray();
}
