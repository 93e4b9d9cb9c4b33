using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

namespace SevSnp.Igvm;

/// <summary>Declares an area that a loader fills (IGVM_VHS_PARAMETER_AREA), 16 bytes. Applies to all platforms.</summary>
/// <param name="NumberOfBytes">Length of the area in bytes, a multiple of 4096.</param>
/// <param name="AreaIndex">The index by which other headers name the area.</param>
/// <param name="FileOffset">Where its initial content begins in the file; 0 for zeros.</param>
public readonly record struct ParameterAreaHeader(
    ulong NumberOfBytes, uint AreaIndex, uint FileOffset)
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x10;

    /// <summary>Decodes the bytes behind type and length.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes, little endian.</param>
    /// <returns>The fields as they are in the file.</returns>
    public static ParameterAreaHeader Read(ReadOnlySpan<byte> body)
    {
        FieldReader fields = new(body[..Size]);
        return new(fields.UInt64(), fields.UInt32(), fields.UInt32());
    }

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes() => new FieldWriter(Size).Add(NumberOfBytes).Add(AreaIndex).Add(FileOffset).ToArray();
}
