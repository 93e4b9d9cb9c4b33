namespace SevSnp.Igvm;

/// <summary>The kinds of platform that an IGVM file can be made for (IGVM_PLATFORM_TYPE).</summary>
public enum IgvmPlatformType
{
    /// <summary>No isolation.</summary>
    Native = 0,

    /// <summary>Hyper-V virtual secure mode.</summary>
    Vsm = 1,

    /// <summary>AMD SEV-SNP.</summary>
    SevSnp = 2,

    /// <summary>Intel TDX.</summary>
    Tdx = 3,

    /// <summary>AMD SEV.</summary>
    Sev = 4,

    /// <summary>AMD SEV-ES.</summary>
    SevEs = 5,

    /// <summary>Arm CCA.</summary>
    Cca = 6,
}

/// <summary>The architectures of format version 2.</summary>
public enum IgvmArchitecture
{
    /// <summary>x86-64; implied by format version 1.</summary>
    X64 = 0,

    /// <summary>AArch64.</summary>
    AArch64 = 1,
}

/// <summary>The stable text names of <see cref="IgvmPlatformType"/>.</summary>
public static class IgvmPlatformTypes
{
    /// <summary>The name used on the command line and in answers, for example <c>sev-snp</c>.</summary>
    /// <param name="type">A platform type.</param>
    /// <returns>The name, or <c>unknown</c>.</returns>
    public static string WireName(this IgvmPlatformType type) => type switch
    {
        IgvmPlatformType.Native => "native",
        IgvmPlatformType.Vsm => "vsm",
        IgvmPlatformType.SevSnp => "sev-snp",
        IgvmPlatformType.Tdx => "tdx",
        IgvmPlatformType.Sev => "sev",
        IgvmPlatformType.SevEs => "sev-es",
        IgvmPlatformType.Cca => "cca",
        _ => "unknown",
    };
}
