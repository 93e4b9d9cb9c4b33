namespace SevSnp.Firmware;

/// <summary>
/// Why a firmware image, or a launch made from it, is refused. Each has its rule in <see cref="FirmwareFaults"/>. Names and numbers are never changed.
/// </summary>
public enum FirmwareFaultId
{
    /// <summary>No fault.</summary>
    None = 0,

    /// <summary>Shorter than a footer.</summary>
    TooSmall = 100,

    /// <summary>Longer than <see cref="FirmwareLimits.MaxImageBytes"/>.</summary>
    TooLarge = 101,

    /// <summary>Not made of whole pages.</summary>
    NotPageMultiple = 102,

    /// <summary>No footer table.</summary>
    NoFooter = 110,

    /// <summary>A footer table that is larger than the file, or smaller than its own footer.</summary>
    FooterSize = 111,

    /// <summary>A table entry that is shorter than its header, or leaves the table.</summary>
    EntrySize = 112,

    /// <summary>A table entry whose GUID occurred before.</summary>
    DuplicateEntry = 113,

    /// <summary>AP reset address of the wrong length.</summary>
    ResetEntry = 114,

    /// <summary>Place of the kernel hashes of the wrong length.</summary>
    HashesEntry = 115,

    /// <summary>SVSM info of the wrong length.</summary>
    SvsmEntry = 116,

    /// <summary>SEV metadata distance of the wrong length.</summary>
    MetadataEntry = 117,

    /// <summary>No SEV metadata.</summary>
    NoMetadata = 120,

    /// <summary>SEV metadata outside the file.</summary>
    MetadataOffset = 121,

    /// <summary>SEV metadata without its signature.</summary>
    MetadataSignature = 122,

    /// <summary>SEV metadata of an unknown version.</summary>
    MetadataVersion = 123,

    /// <summary>SEV metadata whose length, count and place do not agree.</summary>
    MetadataLength = 124,

    /// <summary>More sections than <see cref="FirmwareLimits.MaxSections"/>.</summary>
    SectionCount = 125,

    /// <summary>A section of unknown type.</summary>
    SectionType = 130,

    /// <summary>A section that is not made of whole pages.</summary>
    SectionAlignment = 131,

    /// <summary>A section that is empty, too large, or not one page where one page is meant.</summary>
    SectionSize = 132,

    /// <summary>A section that overlaps another one, or an image.</summary>
    SectionOverlap = 133,

    /// <summary>No AP reset address.</summary>
    NoResetBlock = 140,

    /// <summary>An AP reset address of zero for more than one vCPU.</summary>
    ApReset = 141,

    /// <summary>Kernel hashes for a firmware that does not check them.</summary>
    NoKernelHashesSection = 142,

    /// <summary>A kernel hashes table that does not fit its page.</summary>
    HashesTable = 143,

    /// <summary>An initrd without a kernel.</summary>
    InitrdWithoutKernel = 144,

    /// <summary>A kernel command line without a kernel.</summary>
    AppendWithoutKernel = 145,

    /// <summary>No vCPU, or too many.</summary>
    Vcpus = 150,

    /// <summary>No CPU signature where the launch digest holds it.</summary>
    Cpu = 151,

    /// <summary>SEV features that no guest of this profile has.</summary>
    GuestFeatures = 152,

    /// <summary>A save area address that is not one.</summary>
    VmsaGpa = 153,

    /// <summary>A firmware digest of zero.</summary>
    FirmwareDigest = 154,

    /// <summary>Inputs that the profile has no use for.</summary>
    Profile = 155,

    /// <summary>A variable store that is not made of whole pages, or leaves no room below 4 GiB.</summary>
    VarsSize = 160,

    /// <summary>An SVSM image without its entry point.</summary>
    NoSvsmInfo = 161,

    /// <summary>An entry point outside the SVSM image.</summary>
    SvsmEntryPoint = 162,
}
