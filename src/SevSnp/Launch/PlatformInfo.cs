namespace SevSnp.Launch;

/// <summary>Properties of the platform that the firmware reports, little endian at report offset 0x040.</summary>
/// <param name="Raw">The value as in the report.</param>
public readonly record struct PlatformInfo(ulong Raw)
{
    /// <summary>Bits 63 to 8, which have no published meaning. They are shown, not refused, unless a policy forbids them.</summary>
    public const ulong UnknownBits = ~0xFFUL;

    /// <summary>Tells whether one bit is set.</summary>
    /// <param name="bit">The bit.</param>
    /// <returns>True when set.</returns>
    public bool Has(PlatformInfoBits bit) => ((PlatformInfoBits)Raw & bit) == bit;

    /// <summary>The value in hexadecimal.</summary>
    /// <returns>The text, for example <c>0x25</c>.</returns>
    public override string ToString() => $"0x{Raw:x}";
}

/// <summary>The named bits of the platform information.</summary>
[Flags]
public enum PlatformInfoBits : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>Bit 0: simultaneous multithreading is on.</summary>
    SmtEnabled = 1UL << 0,

    /// <summary>Bit 1: transparent memory encryption is on.</summary>
    TsmeEnabled = 1UL << 1,

    /// <summary>Bit 2: ECC memory is in use.</summary>
    EccEnabled = 1UL << 2,

    /// <summary>Bit 3: running average power limit is off.</summary>
    RaplDisabled = 1UL << 3,

    /// <summary>Bit 4: DRAM ciphertext hiding is on.</summary>
    CiphertextHidingDramEnabled = 1UL << 4,

    /// <summary>Bit 5: memory alias detection has completed without finding one (the answer to BadRAM, CVE-2024-21944).</summary>
    AliasCheckComplete = 1UL << 5,

    /// <summary>Bit 6: set on all Turin platforms seen; known from one source as IOMMU write safety.</summary>
    IommuWriteSafe = 1UL << 6,

    /// <summary>Bit 7: trusted I/O is on.</summary>
    TioEnabled = 1UL << 7,
}
