namespace SevSnp.Igvm;

/// <summary>The types of variable headers (IGVM_VHT): platform 0x001 to 0x100, initialization 0x101 to 0x200, directive 0x301 to 0x400.</summary>
public enum IgvmHeaderType
{
    /// <summary>No type.</summary>
    None = 0,

    /// <summary>A platform that the file is made for.</summary>
    SupportedPlatform = 0x001,

    /// <summary>The guest policy.</summary>
    GuestPolicy = 0x101,

    /// <summary>A region that a loader may move.</summary>
    RelocatableRegion = 0x102,

    /// <summary>Page tables that a loader must rewrite when it moves a region.</summary>
    PageTableRelocation = 0x103,

    /// <summary>A CoRIM document.</summary>
    CorimDocument = 0x104,

    /// <summary>The detached signature of a CoRIM document.</summary>
    CorimSignature = 0x105,

    /// <summary>Arm CCA policy.</summary>
    CcaPolicy = 0x106,

    /// <summary>Declares an area that the loader fills with parameters.</summary>
    ParameterArea = 0x301,

    /// <summary>A page.</summary>
    PageData = 0x302,

    /// <summary>Puts a parameter area into guest memory.</summary>
    ParameterInsert = 0x303,

    /// <summary>Initial state of a virtual processor.</summary>
    VpContext = 0x304,

    /// <summary>Memory that the guest must have.</summary>
    RequiredMemory = 0x305,

    /// <summary>Parameter: number of virtual processors.</summary>
    VpCount = 0x307,

    /// <summary>Parameter: ACPI SRAT.</summary>
    Srat = 0x308,

    /// <summary>Parameter: ACPI MADT.</summary>
    Madt = 0x309,

    /// <summary>Parameter: MMIO ranges.</summary>
    MmioRanges = 0x30A,

    /// <summary>The ID block of SEV-SNP.</summary>
    SnpIdBlock = 0x30B,

    /// <summary>Parameter: memory map.</summary>
    MemoryMap = 0x30C,

    /// <summary>Where the loader may report errors to the host.</summary>
    ErrorRange = 0x30D,

    /// <summary>Parameter: command line.</summary>
    CommandLine = 0x30E,

    /// <summary>Parameter: ACPI SLIT.</summary>
    Slit = 0x30F,

    /// <summary>Parameter: ACPI PPTT.</summary>
    Pptt = 0x310,

    /// <summary>Measurement and signature for VSM.</summary>
    VbsMeasurement = 0x311,

    /// <summary>Parameter: device tree.</summary>
    DeviceTree = 0x312,

    /// <summary>Parameter: environment.</summary>
    EnvironmentInfo = 0x313,
}
