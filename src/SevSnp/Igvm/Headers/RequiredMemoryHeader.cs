using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

namespace SevSnp.Igvm;

/// <summary>Memory that the guest must have (IGVM_VHS_REQUIRED_MEMORY), 24 bytes.</summary>
/// <param name="Gpa">Guest physical address.</param>
/// <param name="CompatibilityMask">The platforms it is for.</param>
/// <param name="NumberOfBytes">Length in bytes, a multiple of 4096.</param>
/// <param name="Flags">Bit 0: VTL 2 may protect it.</param>
/// <param name="Reserved">Zero.</param>
public readonly record struct RequiredMemoryHeader(
    ulong Gpa, uint CompatibilityMask, uint NumberOfBytes, uint Flags, uint Reserved)
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x18;

    /// <summary>Decodes the bytes behind type and length.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes, little endian.</param>
    /// <returns>The fields as they are in the file.</returns>
    public static RequiredMemoryHeader Read(ReadOnlySpan<byte> body)
    {
        FieldReader fields = new(body[..Size]);
        return new(fields.UInt64(), fields.UInt32(), fields.UInt32(), fields.UInt32(), fields.UInt32());
    }

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes() => new FieldWriter(Size).Add(Gpa).Add(CompatibilityMask).Add(NumberOfBytes).Add(Flags).Add(Reserved).ToArray();
}
