using System.Buffers.Binary;
using SevSnp.Igvm.Reading;

namespace SevSnp.Igvm.Writing;

/// <summary>Fills in the fields of a fixed header that follow from the rest of the file.</summary>
internal static class FixedHeaderWriter
{
    /// <summary>Writes sizes and, last, the checksum.</summary>
    /// <param name="front">Fixed header and variable headers, up to the end of the section.</param>
    /// <param name="fixedSize">24 or 32.</param>
    /// <param name="sectionOffset">Where the section begins.</param>
    /// <param name="totalSize">Length of the file.</param>
    public static void Finish(Span<byte> front, int fixedSize, int sectionOffset, uint totalSize)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(front[FixedHeader.SectionOffsetOffset..], (uint)sectionOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(front[FixedHeader.SectionSizeOffset..], (uint)(front.Length - sectionOffset));
        BinaryPrimitives.WriteUInt32LittleEndian(front[FixedHeader.TotalSizeOffset..], totalSize);
        front.Slice(FixedHeader.ChecksumOffset, 4).Clear();
        uint checksum = Crc32.Finish(Crc32.Update(Crc32.Update(Crc32.Start, front[..fixedSize]), front[sectionOffset..]));
        BinaryPrimitives.WriteUInt32LittleEndian(front[FixedHeader.ChecksumOffset..], checksum);
    }
}
