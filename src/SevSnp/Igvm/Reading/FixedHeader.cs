using System.Buffers.Binary;

namespace SevSnp.Igvm.Reading;

/// <summary>The fixed header: 24 bytes in format version 1, 32 in version 2.</summary>
internal readonly record struct FixedHeader(
    uint FormatVersion, uint SectionOffset, uint SectionSize, uint TotalSize, uint Checksum, uint Architecture, uint PageSize)
{
    public const uint MagicValue = 0x4D564749;
    public const int SizeV1 = 0x18;
    public const int SizeV2 = 0x20;
    public const int VersionOffset = 0x04;
    public const int SectionOffsetOffset = 0x08;
    public const int SectionSizeOffset = 0x0C;
    public const int TotalSizeOffset = 0x10;
    public const int ChecksumOffset = 0x14;
    public const int ArchitectureOffset = 0x18;
    public const int PageSizeOffset = 0x1C;

    public int Size => FormatVersion == 2 ? SizeV2 : SizeV1;

    /// <summary>Where the variable header section ends and file data may begin.</summary>
    public long DataStart => (long)SectionOffset + SectionSize;

    /// <summary>Reads and judges the fixed header, up to but without the checksum.</summary>
    public static bool TryRead(IgvmBytes bytes, IgvmLimits limits, Findings findings, out FixedHeader header)
    {
        header = default;
        long length = bytes.Length;
        if (!findings.Holds(length <= limits.MaxFileBytes, IgvmFaultId.FileTooLarge, 0, "file", (ulong)length)
            || !findings.Holds(length >= SizeV1, IgvmFaultId.FileTooShort, 0, "file", (ulong)length))
        {
            return false;
        }

        ReadOnlySpan<byte> first = bytes.Slice(0, SizeV1);
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(first);
        uint version = UInt32(first, VersionOffset);
        if (!findings.Holds(magic == MagicValue, IgvmFaultId.MagicIsWrong, 0, "IGVM.magic", magic)
            || !findings.Holds(version is 1 or 2, IgvmFaultId.FormatVersionUnknown, VersionOffset, "IGVM.format_version", version)
            || !findings.Holds(version == 1 || length >= SizeV2, IgvmFaultId.FileTooShort, 0, "file", (ulong)length))
        {
            return false;
        }

        ReadOnlySpan<byte> all = bytes.Slice(0, version == 2 ? SizeV2 : SizeV1);
        header = new FixedHeader(
            version,
            UInt32(all, SectionOffsetOffset),
            UInt32(all, SectionSizeOffset),
            UInt32(all, TotalSizeOffset),
            UInt32(all, ChecksumOffset),
            version == 2 ? UInt32(all, ArchitectureOffset) : 0,
            version == 2 ? UInt32(all, PageSizeOffset) : 4096);
        return header.Judge(length, limits, findings);
    }

    /// <summary>The checksum that the file should have.</summary>
    public uint ComputeChecksum(IgvmBytes bytes)
    {
        Span<byte> copy = stackalloc byte[SizeV2];
        copy = copy[..Size];
        bytes.Slice(0, Size).CopyTo(copy);
        copy.Slice(ChecksumOffset, 4).Clear();
        return Crc32.Finish(Crc32.Update(Crc32.Update(Crc32.Start, copy), bytes.Slice(SectionOffset, (int)SectionSize)));
    }

    // The limit of the section makes sure that it fits one span.
    private bool Judge(long length, IgvmLimits limits, Findings findings) =>
        findings.Holds(TotalSize == length, IgvmFaultId.TotalSizeWrong, TotalSizeOffset, "IGVM.total_file_size", TotalSize)
        && findings.Holds(Architecture <= 1, IgvmFaultId.ArchitectureUnknown, ArchitectureOffset, "IGVM.architecture", Architecture)
        && findings.Holds(PageSize == 4096, IgvmFaultId.PageSizeUnsupported, PageSizeOffset, "IGVM.page_size", PageSize)
        && findings.Holds(DataStart <= length, IgvmFaultId.HeaderSectionBeyondFile, SectionOffsetOffset, "IGVM.variable_header_offset and size", (ulong)DataStart)
        && findings.Holds(DataStart < length, IgvmFaultId.FileDataAbsent, SectionSizeOffset, "IGVM.variable_header_offset and size", (ulong)DataStart)
        && findings.Holds(SectionSize <= limits.MaxHeaderSectionBytes, IgvmFaultId.HeaderSectionTooLarge, SectionSizeOffset, "IGVM.variable_header_size", SectionSize)
        && findings.Holds(SectionOffset >= Size, IgvmFaultId.HeaderSectionInFixedHeader, SectionOffsetOffset, "IGVM.variable_header_offset", SectionOffset)
        && findings.Holds(SectionOffset % 8 == 0, IgvmFaultId.HeaderSectionUnaligned, SectionOffsetOffset, "IGVM.variable_header_offset", SectionOffset);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
