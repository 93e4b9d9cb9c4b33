using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

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
    public static ParameterInsertHeader Read(ReadOnlySpan<byte> body)
    {
        FieldReader fields = new(body[..Size]);
        return new(fields.UInt64(), fields.UInt32(), fields.UInt32());
    }

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes() => new FieldWriter(Size).Add(Gpa).Add(CompatibilityMask).Add(AreaIndex).ToArray();
}
