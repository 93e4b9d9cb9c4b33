namespace SevSnp.Igvm.Reading;

/// <summary>Facts of the header types: their section and the size of their structure.</summary>
internal static class HeaderTypes
{
    public const uint NeverUsed = 0x306;

    /// <summary>The section of a type: 1 platform, 2 initialization, 3 directives; 0 for none.</summary>
    public static int Section(uint type) => type switch
    {
        >= 0x001 and <= 0x100 => 1,
        >= 0x101 and <= 0x200 => 2,
        >= 0x301 and <= 0x400 => 3,
        _ => 0,
    };

    /// <summary>The exact length of the body of a known type; -1 for an unknown one.</summary>
    public static int Length(IgvmHeaderType type) => type switch
    {
        IgvmHeaderType.SupportedPlatform => PlatformHeader.Size,
        IgvmHeaderType.GuestPolicy => GuestPolicyHeader.Size,
        IgvmHeaderType.RelocatableRegion => RelocatableRegionHeader.Size,
        IgvmHeaderType.PageTableRelocation => PageTableRelocationHeader.Size,
        IgvmHeaderType.CorimDocument or IgvmHeaderType.CorimSignature => CorimHeader.Size,
        IgvmHeaderType.CcaPolicy => CcaPolicySize,
        IgvmHeaderType.ParameterArea => ParameterAreaHeader.Size,
        IgvmHeaderType.PageData => PageDataHeader.Size,
        IgvmHeaderType.ParameterInsert => ParameterInsertHeader.Size,
        IgvmHeaderType.VpContext => VpContextHeader.Size,
        IgvmHeaderType.RequiredMemory => RequiredMemoryHeader.Size,
        IgvmHeaderType.SnpIdBlock => SnpIdBlockHeader.Size,
        IgvmHeaderType.ErrorRange => ErrorRangeHeader.Size,
        IgvmHeaderType.VbsMeasurement => VbsMeasurementSize,
        _ => IsParameter(type) ? ParameterHeader.Size : -1,
    };

    public static bool IsParameter(IgvmHeaderType type) => type is
        IgvmHeaderType.VpCount or IgvmHeaderType.Srat or IgvmHeaderType.Madt or IgvmHeaderType.MmioRanges or IgvmHeaderType.MemoryMap
        or IgvmHeaderType.CommandLine or IgvmHeaderType.Slit or IgvmHeaderType.Pptt or IgvmHeaderType.DeviceTree or IgvmHeaderType.EnvironmentInfo;

    private const int CcaPolicySize = 0x20;
    private const int VbsMeasurementSize = 0x360;
}
