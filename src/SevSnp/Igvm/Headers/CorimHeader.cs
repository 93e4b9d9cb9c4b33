using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

namespace SevSnp.Igvm;

/// <summary>A CoRIM document or its detached signature (IGVM_VHS_CORIM_DOCUMENT), 16 bytes.</summary>
/// <param name="CompatibilityMask">The platforms it is for.</param>
/// <param name="FileOffset">Where the content begins in the file.</param>
/// <param name="SizeBytes">Length of the content in bytes.</param>
/// <param name="Reserved">Zero.</param>
public readonly record struct CorimHeader(
    uint CompatibilityMask, uint FileOffset, uint SizeBytes, uint Reserved)
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x10;

    /// <summary>Decodes the bytes behind type and length.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes, little endian.</param>
    /// <returns>The fields as they are in the file.</returns>
    public static CorimHeader Read(ReadOnlySpan<byte> body)
    {
        FieldReader fields = new(body[..Size]);
        return new(fields.UInt32(), fields.UInt32(), fields.UInt32(), fields.UInt32());
    }

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes() => new FieldWriter(Size).Add(CompatibilityMask).Add(FileOffset).Add(SizeBytes).Add(Reserved).ToArray();
}
