using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

namespace SevSnp.Igvm;

/// <summary>A parameter that the loader writes into an area (IGVM_VHS_PARAMETER), 8 bytes. Applies to all platforms.</summary>
/// <param name="AreaIndex">The area.</param>
/// <param name="ByteOffset">Where in the area the parameter begins.</param>
public readonly record struct ParameterHeader(
    uint AreaIndex, uint ByteOffset)
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x08;

    /// <summary>Decodes the bytes behind type and length.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes, little endian.</param>
    /// <returns>The fields as they are in the file.</returns>
    public static ParameterHeader Read(ReadOnlySpan<byte> body)
    {
        FieldReader fields = new(body[..Size]);
        return new(fields.UInt32(), fields.UInt32());
    }

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes() => new FieldWriter(Size).Add(AreaIndex).Add(ByteOffset).ToArray();
}
