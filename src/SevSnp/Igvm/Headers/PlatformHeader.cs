using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

namespace SevSnp.Igvm;

/// <summary>A platform that the file is made for (IGVM_VHS_SUPPORTED_PLATFORM), 16 bytes.</summary>
/// <param name="CompatibilityMask">The bit by which other headers name this platform.</param>
/// <param name="HighestVtl">Highest virtual trust level, 0 or 2.</param>
/// <param name="RawType">Platform type as in the file.</param>
/// <param name="Version">Platform version, 1.</param>
/// <param name="SharedGpaBoundary">Guest physical address from which on memory is shared, or 0.</param>
public readonly record struct PlatformHeader(
    uint CompatibilityMask, byte HighestVtl, byte RawType, ushort Version, ulong SharedGpaBoundary)
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x10;

    /// <summary>The platform type.</summary>
    public IgvmPlatformType Type => (IgvmPlatformType)RawType;

    /// <summary>Decodes the bytes behind type and length.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes, little endian.</param>
    /// <returns>The fields as they are in the file.</returns>
    public static PlatformHeader Read(ReadOnlySpan<byte> body)
    {
        FieldReader fields = new(body[..Size]);
        return new(fields.UInt32(), fields.Byte(), fields.Byte(), fields.UInt16(), fields.UInt64());
    }

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes() => new FieldWriter(Size)
        .Add(CompatibilityMask).Add(HighestVtl).Add(RawType).Add(Version).Add(SharedGpaBoundary)
        .ToArray();
}
