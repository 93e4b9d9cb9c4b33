namespace SevSnp.Igvm.Faults;

/// <summary>Rules of the fixed header and the frame of the variable headers.</summary>
internal static class StructureRules
{
    public static IgvmRule[] All { get; } =
    [
        new(IgvmFaultId.FileTooShort, IgvmSeverity.Refused, "must be at least as long as its fixed header"),
        new(IgvmFaultId.MagicIsWrong, IgvmSeverity.Refused, "must be 0x4D564749, the letters IGVM"),
        new(IgvmFaultId.FormatVersionUnknown, IgvmSeverity.Refused, "must be 1 or 2"),
        new(IgvmFaultId.TotalSizeWrong, IgvmSeverity.Refused, "must be the length of the file exactly"),
        new(IgvmFaultId.ArchitectureUnknown, IgvmSeverity.Refused, "must be 0 (x86-64) or 1 (AArch64)"),
        new(IgvmFaultId.PageSizeUnsupported, IgvmSeverity.Refused, "must be 4096"),
        new(IgvmFaultId.HeaderSectionBeyondFile, IgvmSeverity.Refused, "the variable header section must end within the file"),
        new(IgvmFaultId.FileDataAbsent, IgvmSeverity.Refused, "the variable header section must end before the file does"),
        new(IgvmFaultId.HeaderSectionInFixedHeader, IgvmSeverity.Strict, "must not be less than the size of the fixed header"),
        new(IgvmFaultId.HeaderSectionUnaligned, IgvmSeverity.Strict, "must be a multiple of 8"),
        new(IgvmFaultId.ChecksumWrong, IgvmSeverity.Refused, "must be the CRC-32 of the fixed header, with a checksum of zero, and the variable headers"),
        new(IgvmFaultId.HeaderCut, IgvmSeverity.Refused, "must lie within the variable header section, with its padding"),
        new(IgvmFaultId.HeaderTypeUnknown, IgvmSeverity.Refused, "must be a known type, or have the optional bit"),
        new(IgvmFaultId.HeaderTypeReserved, IgvmSeverity.Refused, "must not be 0x306, which is never to be used"),
        new(IgvmFaultId.HeaderTypeOutsideRanges, IgvmSeverity.Refused, "must lie in one of the ranges of platform, initialization and directive headers"),
        new(IgvmFaultId.OptionalBitOnKnownType, IgvmSeverity.Refused, "must not have the optional bit: loaders that know the type and loaders that skip it would differ"),
        new(IgvmFaultId.HeaderLengthWrong, IgvmSeverity.Refused, "must be the size of the structure of this type"),
        new(IgvmFaultId.SectionOrderBroken, IgvmSeverity.Refused, "platform headers come first, then initialization headers, then directives"),
        new(IgvmFaultId.PaddingNotZero, IgvmSeverity.Padding, "the bytes between a header and the next multiple of 8 must be zero"),
    ];
}
