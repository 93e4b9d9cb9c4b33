namespace SevSnp.Firmware;

/// <summary>What a section of the SEV metadata is for (OvmfPkg, OvmfSevMetadata). Four bytes, little endian.</summary>
public enum FirmwareSectionType : uint
{
    /// <summary>Memory that the firmware uses before it can accept pages itself.</summary>
    SecMem = 1,

    /// <summary>The page for the guest's message keys.</summary>
    Secrets = 2,

    /// <summary>The page for the CPUID values.</summary>
    Cpuid = 3,

    /// <summary>The calling area of an SVSM.</summary>
    SvsmCaa = 4,

    /// <summary>The page for the kernel hashes table.</summary>
    KernelHashes = 0x10,
}

/// <summary>A run of pages that the launch adds besides the image. It is page aligned and ends within the first 4 GiB.</summary>
/// <param name="Gpa">Guest physical address in bytes.</param>
/// <param name="Size">Length in bytes, not zero.</param>
/// <param name="Type">What it is for.</param>
public readonly record struct FirmwareSection(uint Gpa, uint Size, FirmwareSectionType Type)
{
    /// <summary>The address behind the last byte.</summary>
    public long End => (long)Gpa + Size;

    /// <summary>Tells whether the section shares a byte with a run of memory.</summary>
    /// <param name="start">Where the run begins.</param>
    /// <param name="end">The address behind its last byte.</param>
    /// <returns>True when they overlap.</returns>
    public bool Overlaps(long start, long end) => Gpa < end && start < End;
}

/// <summary>Where a firmware wants the kernel hashes table.</summary>
/// <param name="Gpa">Guest physical address; zero when the firmware does not check kernel hashes.</param>
/// <param name="Size">Room for the table in bytes.</param>
public readonly record struct KernelHashesArea(uint Gpa, uint Size);
