namespace SevSnp.Igvm;

/// <summary>
/// What can be wrong with an IGVM file; each has a severity and a rule in <see cref="IgvmFaults"/>. Names and numbers are never changed.
/// </summary>
public enum IgvmFaultId
{
    /// <summary>No fault.</summary>
    None = 0,

    /// <summary>Broken: must be at least as long as its fixed header.</summary>
    FileTooShort = 100,

    /// <summary>Broken: must be 0x4D564749, the letters IGVM.</summary>
    MagicIsWrong = 101,

    /// <summary>Broken: must be 1 or 2.</summary>
    FormatVersionUnknown = 102,

    /// <summary>Broken: must be the length of the file exactly.</summary>
    TotalSizeWrong = 103,

    /// <summary>Broken: must be 0 (x86-64) or 1 (AArch64).</summary>
    ArchitectureUnknown = 104,

    /// <summary>Broken: must be 4096.</summary>
    PageSizeUnsupported = 105,

    /// <summary>Broken: the variable header section must end within the file.</summary>
    HeaderSectionBeyondFile = 106,

    /// <summary>Broken: the variable header section must end before the file does.</summary>
    FileDataAbsent = 107,

    /// <summary>Broken: must not be less than the size of the fixed header.</summary>
    HeaderSectionInFixedHeader = 108,

    /// <summary>Broken: must be a multiple of 8.</summary>
    HeaderSectionUnaligned = 109,

    /// <summary>Broken: must be the CRC-32 of the fixed header, with a checksum of zero, and the variable headers.</summary>
    ChecksumWrong = 110,

    /// <summary>Broken: must lie within the variable header section, with its padding.</summary>
    HeaderCut = 111,

    /// <summary>Broken: must be a known type, or have the optional bit.</summary>
    HeaderTypeUnknown = 112,

    /// <summary>Broken: must not be 0x306, which is never to be used.</summary>
    HeaderTypeReserved = 113,

    /// <summary>Broken: must lie in one of the ranges of platform, initialization and directive headers.</summary>
    HeaderTypeOutsideRanges = 114,

    /// <summary>Broken: must not have the optional bit: loaders that know the type and loaders that skip it would differ.</summary>
    OptionalBitOnKnownType = 115,

    /// <summary>Broken: must be the size of the structure of this type.</summary>
    HeaderLengthWrong = 116,

    /// <summary>Broken: platform headers come first, then initialization headers, then directives.</summary>
    SectionOrderBroken = 117,

    /// <summary>Broken: the bytes between a header and the next multiple of 8 must be zero.</summary>
    PaddingNotZero = 118,

    /// <summary>Broken: there must be a platform header.</summary>
    PlatformAbsent = 200,

    /// <summary>Broken: the compatibility mask of a platform must have exactly one bit.</summary>
    PlatformMaskNotOneBit = 201,

    /// <summary>Broken: no two platforms may have the same compatibility mask.</summary>
    PlatformMaskTwice = 202,

    /// <summary>Broken: must be a known platform type, 0 to 6.</summary>
    PlatformTypeUnknown = 203,

    /// <summary>Broken: no two platform headers may have the same type.</summary>
    PlatformTypeTwice = 204,

    /// <summary>Broken: must be 1.</summary>
    PlatformVersionUnknown = 205,

    /// <summary>Broken: the platform must exist on the architecture of the file.</summary>
    PlatformNotOnArchitecture = 206,

    /// <summary>Broken: must be 0 or 2.</summary>
    HighestVtlInvalid = 207,

    /// <summary>Broken: must be zero for this platform.</summary>
    SharedBoundaryNotZero = 208,

    /// <summary>Broken: must not be zero: the header would apply to no platform.</summary>
    MaskZero = 209,

    /// <summary>Broken: a platform may have one guest policy only.</summary>
    PolicyTwice = 300,

    /// <summary>Broken: bit 17 of an SNP guest policy must be one.</summary>
    PolicyBit17Clear = 301,

    /// <summary>Broken: bits 26 to 63 of an SNP guest policy must be zero.</summary>
    PolicyReservedBits = 302,

    /// <summary>Broken: the header must exist on the architecture of the file.</summary>
    InitializationNotOnArchitecture = 303,

    /// <summary>Broken: must be 0, 1 or 2.</summary>
    VtlInvalid = 304,

    /// <summary>Broken: only bits 0 to 2 may be set.</summary>
    RelocationFlagsReserved = 305,

    /// <summary>Broken: must not be zero.</summary>
    RelocationSizeZero = 306,

    /// <summary>Broken: must be a multiple of 4096.</summary>
    RelocationSizeUnaligned = 307,

    /// <summary>Broken: must not be zero.</summary>
    RelocationAlignmentZero = 308,

    /// <summary>Broken: must be a multiple of 4096.</summary>
    RelocationAlignmentUnaligned = 309,

    /// <summary>Broken: must be a multiple of the alignment of the region.</summary>
    RelocationAddressUnaligned = 310,

    /// <summary>Broken: the region must end within the 64-bit address space.</summary>
    RelocationOverflows = 311,

    /// <summary>Broken: regions of one platform must not overlap.</summary>
    RelocationsOverlap = 312,

    /// <summary>Broken: must not be more than the size of the region.</summary>
    PageTableUsedSizeTooLarge = 313,

    /// <summary>Broken: a platform may have one page table region only.</summary>
    PageTableTwice = 314,

    /// <summary>Broken: there must be a VP context with the VP index and VTL that the region names.</summary>
    RelocationVpContextAbsent = 315,

    /// <summary>Broken: a platform may have one CoRIM document only.</summary>
    CorimDocumentTwice = 316,

    /// <summary>Broken: a platform may have one CoRIM signature only.</summary>
    CorimSignatureTwice = 317,

    /// <summary>Broken: a CoRIM signature must come after a CoRIM document with the same mask.</summary>
    CorimDocumentAbsent = 318,

    /// <summary>Broken: must be a multiple of 4096.</summary>
    GpaUnaligned = 400,

    /// <summary>Broken: must be a multiple of 4096.</summary>
    SizeUnaligned = 401,

    /// <summary>Broken: the range must end within the 64-bit address space.</summary>
    GpaOverflows = 402,

    /// <summary>Broken: the range must end within the 52 bits of a physical address.</summary>
    GpaBeyondPhysical = 403,

    /// <summary>Broken: the address of a 2 MiB page must be a multiple of 2 MiB.</summary>
    LargePageUnaligned = 404,

    /// <summary>Broken: only bits 0 to 2 may be set.</summary>
    PageFlagsReserved = 405,

    /// <summary>Broken: must be 0 to 3.</summary>
    PageDataTypeUnknown = 406,

    /// <summary>Broken: must be zero.</summary>
    ReservedNotZero = 407,

    /// <summary>Broken: only bit 0 may be set.</summary>
    RequiredMemoryFlagsReserved = 408,

    /// <summary>Broken: must point behind the variable header section.</summary>
    DataOffsetInHeaders = 409,

    /// <summary>Broken: the data must end within the file.</summary>
    DataPastEnd = 410,

    /// <summary>Broken: an area index may be declared once only.</summary>
    ParameterAreaTwice = 411,

    /// <summary>Broken: must be the index of an area declared before.</summary>
    ParameterAreaUndeclared = 412,

    /// <summary>Broken: the area must not have been inserted already.</summary>
    ParameterAreaInserted = 413,

    /// <summary>Broken: the parameter must begin within its area.</summary>
    ParameterOutsideArea = 414,

    /// <summary>Broken: an area must not be inserted into a page table region.</summary>
    InsertInPageTable = 415,

    /// <summary>Broken: two pages of one platform must not overlap.</summary>
    PagesOverlap = 416,

    /// <summary>Broken: an inserted area must not overlap another page or area of one platform.</summary>
    ParameterAreaOverlaps = 417,

    /// <summary>Broken: a VP context must not overlap another page or area of one platform.</summary>
    VmsaOverlaps = 418,

    /// <summary>Broken: the mask must be that of exactly one platform with VP contexts in the file: SEV-SNP, SEV-ES, SEV, VSM or native.</summary>
    VpContextPlatformInvalid = 500,

    /// <summary>Broken: a VP context must have data.</summary>
    VpContextDataAbsent = 501,

    /// <summary>Broken: must be zero.</summary>
    VpContextReserved = 502,

    /// <summary>Broken: must be zero for this platform.</summary>
    VpContextGpaNotZero = 503,

    /// <summary>Broken: a virtual processor may have one context only.</summary>
    VpContextTwice = 504,

    /// <summary>Broken: the bytes of a save area from 0x670 on must be zero.</summary>
    VmsaTailNotZero = 505,

    /// <summary>Broken: must be 0.</summary>
    VsmVpIndexNotZero = 506,

    /// <summary>Broken: the context must begin within the file data.</summary>
    VsmContextBeyondFile = 507,

    /// <summary>Broken: there must be a register.</summary>
    VsmRegistersAbsent = 508,

    /// <summary>Broken: the registers must end within the file, and be no more than the limit.</summary>
    VsmRegisterCountTooLarge = 509,

    /// <summary>Broken: all registers of a context must have the same VTL.</summary>
    VsmVtlsDiffer = 510,

    /// <summary>Broken: a platform may have one ID block only.</summary>
    IdBlockTwice = 511,

    /// <summary>Broken: must be zero.</summary>
    IdBlockReserved = 512,

    /// <summary>Broken: must be 0 or 1.</summary>
    AuthorKeyFlagInvalid = 513,

    /// <summary>Broken: must be zero while the author key is not enabled.</summary>
    AuthorFieldsWithoutKey = 514,

    /// <summary>Broken: must be no longer than the limit.</summary>
    FileTooLarge = 600,

    /// <summary>Broken: must be no larger than the limit.</summary>
    HeaderSectionTooLarge = 601,

    /// <summary>Broken: there must be no more headers than the limit.</summary>
    TooManyHeaders = 602,

    /// <summary>Broken: there must be no more pages than the limit.</summary>
    TooManyPages = 603,

    /// <summary>Broken: an area must not have more pages than the limit.</summary>
    ParameterAreaTooLarge = 604,

    /// <summary>Broken: there must be no more areas than the limit.</summary>
    TooManyParameterAreas = 605,

    /// <summary>Broken: there must be no more VP contexts than the limit.</summary>
    TooManyVpContexts = 606,

    /// <summary>Broken: there must be no more regions than the limit.</summary>
    TooManyRelocations = 607,

    /// <summary>Broken: must be no larger than the limit.</summary>
    CorimTooLarge = 608,
}
