using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

namespace SevSnp.Igvm;

/// <summary>A page (IGVM_VHS_PAGE_DATA), 24 bytes.</summary>
/// <param name="Gpa">Guest physical address.</param>
/// <param name="CompatibilityMask">The platforms it is for.</param>
/// <param name="FileOffset">Where the content begins in the file; 0 for zeros.</param>
/// <param name="Flags">See the properties that decode it.</param>
/// <param name="RawDataType">Data type as in the file.</param>
/// <param name="Reserved">Zero.</param>
public readonly record struct PageDataHeader(
    ulong Gpa, uint CompatibilityMask, uint FileOffset, uint Flags, ushort RawDataType, ushort Reserved)
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x18;

    internal const uint KnownFlags = 7;

    /// <summary>Flag bit 0: a page of 2 MiB.</summary>
    public bool IsLarge => (Flags & 1) != 0;

    /// <summary>Flag bit 1: the content is not measured.</summary>
    public bool IsUnmeasured => (Flags & 2) != 0;

    /// <summary>Flag bit 2: the host may see the page; it is not part of the launch measurement.</summary>
    public bool IsShared => (Flags & 4) != 0;

    /// <summary>What the page is for.</summary>
    public IgvmPageDataType DataType => (IgvmPageDataType)RawDataType;

    /// <summary>Number of 4 KiB pages: 512 for a large page, else 1.</summary>
    public int PageCount => IsLarge ? 512 : 1;

    /// <summary>Decodes the bytes behind type and length.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes, little endian.</param>
    /// <returns>The fields as they are in the file.</returns>
    public static PageDataHeader Read(ReadOnlySpan<byte> body)
    {
        FieldReader fields = new(body[..Size]);
        return new(fields.UInt64(), fields.UInt32(), fields.UInt32(), fields.UInt32(), fields.UInt16(), fields.UInt16());
    }

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes() => new FieldWriter(Size)
        .Add(Gpa).Add(CompatibilityMask).Add(FileOffset).Add(Flags).Add(RawDataType).Add(Reserved)
        .ToArray();
}
