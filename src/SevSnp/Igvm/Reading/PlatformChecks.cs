using System.Numerics;

namespace SevSnp.Igvm.Reading;

/// <summary>Rules of platform headers.</summary>
internal static class PlatformChecks
{
    public static bool Check(in PlatformHeader platform, long at, ReadState state)
    {
        uint mask = platform.CompatibilityMask;
        IgvmPlatformType type = platform.Type;
        bool arm = state.Architecture == IgvmArchitecture.AArch64;
        bool holds = state.Holds(BitOperations.PopCount(mask) == 1, IgvmFaultId.PlatformMaskNotOneBit, at, "SUPPORTED_PLATFORM.compatibility_mask", mask)
            && state.Holds(platform.HighestVtl is 0 or 2, IgvmFaultId.HighestVtlInvalid, at + 4, "SUPPORTED_PLATFORM.highest_vtl", platform.HighestVtl)
            && state.Holds(Enum.IsDefined(type), IgvmFaultId.PlatformTypeUnknown, at + 5, "SUPPORTED_PLATFORM.platform_type", platform.RawType)
            && state.Holds(platform.Version == 1, IgvmFaultId.PlatformVersionUnknown, at + 6, "SUPPORTED_PLATFORM.platform_version", platform.Version)
            && state.Holds(HasSharedBoundary(type) || platform.SharedGpaBoundary == 0, IgvmFaultId.SharedBoundaryNotZero, at + 8, "SUPPORTED_PLATFORM.shared_gpa_boundary", platform.SharedGpaBoundary)
            && state.Holds(IsOn(type, arm), IgvmFaultId.PlatformNotOnArchitecture, at + 5, "SUPPORTED_PLATFORM.platform_type", platform.RawType)
            && state.Holds(state.MaskOf(type) == 0, IgvmFaultId.PlatformTypeTwice, at + 5, "SUPPORTED_PLATFORM.platform_type", platform.RawType)
            && state.Holds(state.PlatformOf(mask) is null, IgvmFaultId.PlatformMaskTwice, at, "SUPPORTED_PLATFORM.compatibility_mask", mask);
        if (holds)
        {
            state.Platforms.Add(platform);
        }

        return holds;
    }

    private static bool HasSharedBoundary(IgvmPlatformType type) => type is not (IgvmPlatformType.Native or IgvmPlatformType.Vsm);

    private static bool IsOn(IgvmPlatformType type, bool arm) => type switch
    {
        IgvmPlatformType.Native or IgvmPlatformType.Vsm => true,
        IgvmPlatformType.Cca => arm,
        _ => !arm,
    };
}
