namespace SevSnp.Igvm.Faults;

/// <summary>Rules of guest policies, relocation and CoRIM.</summary>
internal static class InitializationRules
{
    public static IgvmRule[] All { get; } =
    [
        new(IgvmFaultId.PolicyTwice, IgvmSeverity.Strict, "a platform may have one guest policy only"),
        new(IgvmFaultId.PolicyBit17Clear, IgvmSeverity.Strict, "bit 17 of an SNP guest policy must be one"),
        new(IgvmFaultId.PolicyReservedBits, IgvmSeverity.Strict, "bits 26 to 63 of an SNP guest policy must be zero"),
        new(IgvmFaultId.InitializationNotOnArchitecture, IgvmSeverity.Refused, "the header must exist on the architecture of the file"),
        new(IgvmFaultId.VtlInvalid, IgvmSeverity.Refused, "must be 0, 1 or 2"),
        new(IgvmFaultId.RelocationFlagsReserved, IgvmSeverity.Strict, "only bits 0 to 2 may be set"),
        new(IgvmFaultId.RelocationSizeZero, IgvmSeverity.Crashing, "must not be zero"),
        new(IgvmFaultId.RelocationSizeUnaligned, IgvmSeverity.Refused, "must be a multiple of 4096"),
        new(IgvmFaultId.RelocationAlignmentZero, IgvmSeverity.Crashing, "must not be zero"),
        new(IgvmFaultId.RelocationAlignmentUnaligned, IgvmSeverity.Refused, "must be a multiple of 4096"),
        new(IgvmFaultId.RelocationAddressUnaligned, IgvmSeverity.Refused, "must be a multiple of the alignment of the region"),
        new(IgvmFaultId.RelocationOverflows, IgvmSeverity.Crashing, "the region must end within the 64-bit address space"),
        new(IgvmFaultId.RelocationsOverlap, IgvmSeverity.Refused, "regions of one platform must not overlap"),
        new(IgvmFaultId.PageTableUsedSizeTooLarge, IgvmSeverity.Refused, "must not be more than the size of the region"),
        new(IgvmFaultId.PageTableTwice, IgvmSeverity.Refused, "a platform may have one page table region only"),
        new(IgvmFaultId.RelocationVpContextAbsent, IgvmSeverity.Refused, "there must be a VP context with the VP index and VTL that the region names"),
        new(IgvmFaultId.CorimDocumentTwice, IgvmSeverity.Refused, "a platform may have one CoRIM document only"),
        new(IgvmFaultId.CorimSignatureTwice, IgvmSeverity.Refused, "a platform may have one CoRIM signature only"),
        new(IgvmFaultId.CorimDocumentAbsent, IgvmSeverity.Refused, "a CoRIM signature must come after a CoRIM document with the same mask"),
    ];
}
