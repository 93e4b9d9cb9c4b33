namespace SevSnp.Igvm.Faults;

/// <summary>Rules of the platform headers and compatibility masks.</summary>
internal static class PlatformRules
{
    public static IgvmRule[] All { get; } =
    [
        new(IgvmFaultId.PlatformAbsent, IgvmSeverity.Refused, "there must be a platform header"),
        new(IgvmFaultId.PlatformMaskNotOneBit, IgvmSeverity.Refused, "the compatibility mask of a platform must have exactly one bit"),
        new(IgvmFaultId.PlatformMaskTwice, IgvmSeverity.Strict, "no two platforms may have the same compatibility mask"),
        new(IgvmFaultId.PlatformTypeUnknown, IgvmSeverity.Refused, "must be a known platform type, 0 to 6"),
        new(IgvmFaultId.PlatformTypeTwice, IgvmSeverity.Refused, "no two platform headers may have the same type"),
        new(IgvmFaultId.PlatformVersionUnknown, IgvmSeverity.Refused, "must be 1"),
        new(IgvmFaultId.PlatformNotOnArchitecture, IgvmSeverity.Refused, "the platform must exist on the architecture of the file"),
        new(IgvmFaultId.HighestVtlInvalid, IgvmSeverity.Refused, "must be 0 or 2"),
        new(IgvmFaultId.SharedBoundaryNotZero, IgvmSeverity.Refused, "must be zero for this platform"),
        new(IgvmFaultId.MaskZero, IgvmSeverity.Strict, "must not be zero: the header would apply to no platform"),
    ];
}
