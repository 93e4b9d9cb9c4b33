using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

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
    public static VpContextHeader Read(ReadOnlySpan<byte> body)
    {
        FieldReader fields = new(body[..Size]);
        return new(fields.UInt64(), fields.UInt32(), fields.UInt32(), fields.UInt16(), fields.UInt16());
    }

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes() => new FieldWriter(Size).Add(Gpa).Add(CompatibilityMask).Add(FileOffset).Add(VpIndex).Add(Reserved).ToArray();
}
