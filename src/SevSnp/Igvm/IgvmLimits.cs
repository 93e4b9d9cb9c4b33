namespace SevSnp.Igvm;

/// <summary>
/// How much of everything an IGVM file may ask for. Checked before the work that it bounds, in every strictness; what exceeds a
/// limit is refused with the fault named at each member.
/// </summary>
public sealed record IgvmLimits
{
    /// <summary>Length of the file in bytes; the format ends below 4 GiB. <see cref="IgvmFaultId.FileTooLarge"/>.</summary>
    public long MaxFileBytes { get; init; } = uint.MaxValue;

    /// <summary>Length of the variable header section in bytes. <see cref="IgvmFaultId.HeaderSectionTooLarge"/>.</summary>
    public int MaxHeaderSectionBytes { get; init; } = 64 << 20;

    /// <summary>Number of variable headers. <see cref="IgvmFaultId.TooManyHeaders"/>.</summary>
    public int MaxHeaders { get; init; } = 2 << 20;

    /// <summary>
    /// Number of 4 KiB pages that the file puts into a guest, all platforms together: pages, 512 for each large page, inserted
    /// parameter areas. <see cref="IgvmFaultId.TooManyPages"/>; <see cref="IgvmFaultId.ParameterAreaTooLarge"/> for one area.
    /// </summary>
    public int MaxPages { get; init; } = 4 << 20;

    /// <summary>Number of parameter areas. <see cref="IgvmFaultId.TooManyParameterAreas"/>.</summary>
    public int MaxParameterAreas { get; init; } = 4096;

    /// <summary>Number of VP contexts. <see cref="IgvmFaultId.TooManyVpContexts"/>.</summary>
    public int MaxVpContexts { get; init; } = 4096;

    /// <summary>Registers in one VP context for VSM. <see cref="IgvmFaultId.VsmRegisterCountTooLarge"/>.</summary>
    public int MaxVsmRegisters { get; init; } = 1024;

    /// <summary>Number of relocatable and page table regions. <see cref="IgvmFaultId.TooManyRelocations"/>.</summary>
    public int MaxRelocations { get; init; } = 256;

    /// <summary>Length of one CoRIM document or signature in bytes. <see cref="IgvmFaultId.CorimTooLarge"/>.</summary>
    public int MaxCorimBytes { get; init; } = 1 << 20;

    /// <summary>For files up to the 4 GiB of the format.</summary>
    public static IgvmLimits Format { get; } = new();

    /// <summary>For files from strangers: at most 64 MiB, that put at most 1 GiB into a guest.</summary>
    public static IgvmLimits Service { get; } = new() { MaxFileBytes = 64 << 20, MaxHeaderSectionBytes = 32 << 20, MaxHeaders = 1 << 20, MaxPages = 1 << 18 };
}
