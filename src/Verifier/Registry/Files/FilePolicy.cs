using SevSnp.Launch;
using SevSnp.Policies;

namespace Verifier.Service.Registry.Files;

/// <summary>
/// The rule that follows from the guest policy in a file: a guest's policy must not be laxer. A bit that allows something and is clear
/// in the file must be clear; one that demands something and is set in the file must be set.
/// </summary>
internal static class FilePolicy
{
    private const GuestPolicyBits Allowing = GuestPolicyBits.Smt | GuestPolicyBits.MigrateMa | GuestPolicyBits.Debug | GuestPolicyBits.CxlAllow;

    private const GuestPolicyBits Demanding = GuestPolicyBits.SingleSocket | GuestPolicyBits.MemAes256Xts | GuestPolicyBits.RaplDis
        | GuestPolicyBits.CiphertextHidingDram | GuestPolicyBits.PageSwapDisable;

    /// <summary>Adds the file's rule to a stated one; false when no policy can meet both.</summary>
    public static bool TryAdd(GuestPolicyRule? stated, ulong? filePolicy, out GuestPolicyRule? rule)
    {
        rule = stated;
        if (filePolicy is not { } raw)
        {
            return true;
        }

        GuestPolicy policy = new(raw);
        GuestPolicyRule own = stated ?? new GuestPolicyRule();
        GuestPolicyBits bits = (GuestPolicyBits)raw;
        (byte Major, byte Minor) file = (policy.AbiMajor, policy.AbiMinor);
        (byte Major, byte Minor) least = (own.MinAbiMajor, own.MinAbiMinor).CompareTo(file) >= 0 ? (own.MinAbiMajor, own.MinAbiMinor) : file;
        rule = new GuestPolicyRule(own.Required | (bits & Demanding), own.Forbidden | (Allowing & ~bits), least.Major, least.Minor);
        return (rule.Required & rule.Forbidden) == GuestPolicyBits.None;
    }
}
