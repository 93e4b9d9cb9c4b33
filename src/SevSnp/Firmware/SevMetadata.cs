using System.Buffers.Binary;

namespace SevSnp.Firmware;

/// <summary>The SEV metadata of a firmware: the memory that the launch adds besides the image (OvmfPkg, OvmfSevMetadata).</summary>
internal static class SevMetadata
{
    private const int HeaderSize = 16;
    private const int SectionSize = 12;
    private const uint Version = 1;

    /// <summary>Reads the sections; the distance of the metadata from the end of the file stands at an offset.</summary>
    public static IReadOnlyList<FirmwareSection>? Read(ReadOnlySpan<byte> image, int entry, out FirmwareFault fault)
    {
        uint distance = BinaryPrimitives.ReadUInt32LittleEndian(image[entry..]);
        if (distance < HeaderSize || distance > image.Length)
        {
            fault = new FirmwareFault(FirmwareFaultId.MetadataOffset, "ENTRY SEV_METADATA", entry, distance);
            return null;
        }

        int start = image.Length - (int)distance;
        ReadOnlySpan<byte> metadata = image[start..];
        fault = CheckHeader(metadata, start, out int count);
        if (fault != default)
        {
            return null;
        }

        List<FirmwareSection> sections = [];
        for (int i = 0; i < count && fault == default; i++)
        {
            int at = HeaderSize + (i * SectionSize);
            FirmwareSection section = new(Word(metadata, at), Word(metadata, at + 4), (FirmwareSectionType)Word(metadata, at + 8));
            fault = CheckSection(section, sections, i, start + at);
            sections.Add(section);
        }

        return fault == default ? sections : null;
    }

    private static FirmwareFault CheckHeader(ReadOnlySpan<byte> metadata, int start, out int count)
    {
        uint length = Word(metadata, 4), version = Word(metadata, 8), sections = Word(metadata, 12);
        count = sections <= FirmwareLimits.MaxSections ? (int)sections : 0;
        if (!metadata[..4].SequenceEqual("ASEV"u8))
        {
            return new FirmwareFault(FirmwareFaultId.MetadataSignature, "SEV_METADATA.signature", start);
        }

        if (version != Version)
        {
            return new FirmwareFault(FirmwareFaultId.MetadataVersion, "SEV_METADATA.version", start + 8, version);
        }

        if (length != HeaderSize + ((ulong)sections * SectionSize) || length > metadata.Length)
        {
            return new FirmwareFault(FirmwareFaultId.MetadataLength, "SEV_METADATA.length", start + 4, length);
        }

        return count == 0 ? new FirmwareFault(FirmwareFaultId.SectionCount, "SEV_METADATA.count", start + 12, sections) : default;
    }

    private static FirmwareFault CheckSection(FirmwareSection section, List<FirmwareSection> earlier, int index, int at)
    {
        if (!IsKnown(section.Type))
        {
            return Fault(FirmwareFaultId.SectionType, "type", 8, (uint)section.Type);
        }

        if (section.Gpa % FirmwareLimits.PageSize != 0)
        {
            return Fault(FirmwareFaultId.SectionAlignment, "gpa", 0, section.Gpa);
        }

        if (section.Size % FirmwareLimits.PageSize != 0)
        {
            return Fault(FirmwareFaultId.SectionAlignment, "size", 4, section.Size);
        }

        if (!HasFittingSize(section) || section.Size + earlier.Sum(s => (long)s.Size) > FirmwareLimits.MaxSectionBytes)
        {
            return Fault(FirmwareFaultId.SectionSize, "size", 4, section.Size);
        }

        return earlier.Exists(s => s.Overlaps(section.Gpa, section.End)) ? Fault(FirmwareFaultId.SectionOverlap, "gpa", 0, section.Gpa) : default;

        FirmwareFault Fault(FirmwareFaultId id, string field, int offset, uint found) => new(id, $"SECTION[{index}].{field}", at + offset, found);
    }

    private static bool HasFittingSize(FirmwareSection section) => section.Type switch
    {
        FirmwareSectionType.Secrets or FirmwareSectionType.Cpuid or FirmwareSectionType.KernelHashes => section.Size == FirmwareLimits.PageSize,
        _ => section.Size != 0 && section.End <= FirmwareLimits.TopOfMemory,
    };

    private static bool IsKnown(FirmwareSectionType type) => type is FirmwareSectionType.SecMem or FirmwareSectionType.Secrets
        or FirmwareSectionType.Cpuid or FirmwareSectionType.SvsmCaa or FirmwareSectionType.KernelHashes;

    private static uint Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
