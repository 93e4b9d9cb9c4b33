namespace SevSnp.Firmware;

/// <summary>How much a firmware image may ask for. Checked before the work that it bounds.</summary>
public static class FirmwareLimits
{
    /// <summary>Length of a page in bytes.</summary>
    public const int PageSize = 4096;

    /// <summary>Length of an image in bytes.</summary>
    public const int MaxImageBytes = 64 << 20;

    /// <summary>Number of sections in the SEV metadata.</summary>
    public const int MaxSections = 64;

    /// <summary>Length of all sections together in bytes.</summary>
    public const long MaxSectionBytes = 1L << 30;

    /// <summary>Number of vCPUs of a launch.</summary>
    public const int MaxVcpus = 4096;

    /// <summary>The end of the address space that firmware is loaded into; an image ends here.</summary>
    public const long TopOfMemory = 1L << 32;
}
