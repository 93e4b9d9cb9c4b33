using System.Runtime.CompilerServices;
using SevSnp.Launch;

namespace SevSnp.Igvm.Reading;

/// <summary>Rules of initialization headers that stand for themselves.</summary>
internal static class InitializationChecks
{
    private const int CcaReservedOffset = 26;
    private const int CcaReservedSize = 6;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool CheckPolicy(in GuestPolicyHeader policy, long at, ReadState state)
    {
        bool snp = (policy.CompatibilityMask & state.MaskOf(IgvmPlatformType.SevSnp)) != 0;
        bool holds = state.Holds(policy.Reserved == 0, IgvmFaultId.ReservedNotZero, at + 12, "GUEST_POLICY.reserved", policy.Reserved)
            && state.MaskHolds(policy.CompatibilityMask, at + 8, "GUEST_POLICY.compatibility_mask")
            && state.Holds((state.PolicyMasks & policy.CompatibilityMask) == 0, IgvmFaultId.PolicyTwice, at + 8, "GUEST_POLICY.compatibility_mask", policy.CompatibilityMask)
            && state.Holds(!snp || (policy.Policy & GuestPolicy.AlwaysOne) != 0, IgvmFaultId.PolicyBit17Clear, at, "GUEST_POLICY.policy", policy.Policy)
            && state.Holds(!snp || (policy.Policy & GuestPolicy.Reserved) == 0, IgvmFaultId.PolicyReservedBits, at, "GUEST_POLICY.policy", policy.Policy);
        state.PolicyMasks |= policy.CompatibilityMask;
        return holds;
    }

    public static bool CheckCcaPolicy(ReadOnlySpan<byte> body, long at, ReadState state) =>
        state.Holds(state.Architecture == IgvmArchitecture.AArch64, IgvmFaultId.InitializationNotOnArchitecture, at, "CCA_POLICY")
        && state.Holds(!body.Slice(4, 4).ContainsAnyExcept((byte)0), IgvmFaultId.ReservedNotZero, at + 4, "CCA_POLICY.reserved")
        && state.Holds(
            !body.Slice(CcaReservedOffset, CcaReservedSize).ContainsAnyExcept((byte)0), IgvmFaultId.ReservedNotZero, at + CcaReservedOffset, "CCA_POLICY.reserved");

    public static bool CheckCorimDocument(in CorimHeader corim, long at, ReadState state)
    {
        bool holds = CheckCorim(corim, at, state)
            && state.Holds((state.CorimDocumentMasks & corim.CompatibilityMask) == 0, IgvmFaultId.CorimDocumentTwice, at, "CORIM_DOCUMENT.compatibility_mask", corim.CompatibilityMask);
        state.CorimDocumentMasks |= corim.CompatibilityMask;
        return holds;
    }

    public static bool CheckCorimSignature(in CorimHeader corim, long at, ReadState state)
    {
        bool holds = CheckCorim(corim, at, state)
            && state.Holds((corim.CompatibilityMask & ~state.CorimDocumentMasks) == 0, IgvmFaultId.CorimDocumentAbsent, at, "CORIM_SIGNATURE.compatibility_mask", corim.CompatibilityMask)
            && state.Holds((state.CorimSignatureMasks & corim.CompatibilityMask) == 0, IgvmFaultId.CorimSignatureTwice, at, "CORIM_SIGNATURE.compatibility_mask", corim.CompatibilityMask);
        state.CorimSignatureMasks |= corim.CompatibilityMask;
        return holds;
    }

    private static bool CheckCorim(in CorimHeader corim, long at, ReadState state) =>
        state.Holds(corim.Reserved == 0, IgvmFaultId.ReservedNotZero, at + 12, "CORIM.reserved", corim.Reserved)
        && state.MaskHolds(corim.CompatibilityMask, at, "CORIM.compatibility_mask")
        && state.DataHolds(corim.FileOffset, corim.SizeBytes, at + 4, "CORIM.file_offset")
        && state.Holds(corim.SizeBytes <= state.Limits.MaxCorimBytes, IgvmFaultId.CorimTooLarge, at + 8, "CORIM.size_bytes", corim.SizeBytes);
}
