using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

namespace SevSnp.Igvm;

/// <summary>Where a loader may report errors (IGVM_VHS_ERROR_RANGE), 16 bytes.</summary>
/// <param name="Gpa">Guest physical address.</param>
/// <param name="CompatibilityMask">The platforms it is for.</param>
/// <param name="SizeBytes">Length in bytes.</param>
public readonly record struct ErrorRangeHeader(
    ulong Gpa, uint CompatibilityMask, uint SizeBytes)
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x10;

    /// <summary>Decodes the bytes behind type and length.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes, little endian.</param>
    /// <returns>The fields as they are in the file.</returns>
    public static ErrorRangeHeader Read(ReadOnlySpan<byte> body)
    {
        FieldReader fields = new(body[..Size]);
        return new(fields.UInt64(), fields.UInt32(), fields.UInt32());
    }

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes() => new FieldWriter(Size).Add(Gpa).Add(CompatibilityMask).Add(SizeBytes).ToArray();
}
