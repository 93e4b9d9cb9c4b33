using SevSnp.Launch;

namespace SevSnp.Explanation;

/// <summary>What the bits of a guest policy mean for a guest that has them.</summary>
public static class PolicyWords
{
    /// <summary>One sentence, without a full stop.</summary>
    /// <param name="bit">The bit.</param>
    /// <param name="isSet">Whether the guest has it.</param>
    /// <returns>The text.</returns>
    public static string Of(GuestPolicyBits bit, bool isSet) => (bit, isSet) switch
    {
        (GuestPolicyBits.Smt, true) => "the guest may run where two threads share a core",
        (GuestPolicyBits.Smt, false) => "the guest does not start where two threads share a core",
        (GuestPolicyBits.MigrateMa, true) => "the guest may be handed to a migration agent",
        (GuestPolicyBits.MigrateMa, false) => "the guest may not be handed to a migration agent",
        (GuestPolicyBits.Debug, true) => "the host may read the guest's memory: nothing that the guest holds is a secret",
        (GuestPolicyBits.Debug, false) => "the host may not read the guest's memory",
        (GuestPolicyBits.SingleSocket, true) => "the guest may run on one socket only",
        (GuestPolicyBits.SingleSocket, false) => "the guest may run on several sockets",
        (GuestPolicyBits.CxlAllow, true) => "the guest may use CXL memory",
        (GuestPolicyBits.CxlAllow, false) => "the guest may not use CXL memory",
        (GuestPolicyBits.MemAes256Xts, true) => "the guest demands memory encryption with AES-256",
        (GuestPolicyBits.MemAes256Xts, false) => "the guest does not demand memory encryption with AES-256",
        (GuestPolicyBits.RaplDis, true) => "the guest demands that power readings are off",
        (GuestPolicyBits.RaplDis, false) => "the guest runs where power readings are on",
        (GuestPolicyBits.CiphertextHidingDram, true) => "the guest demands that its ciphertext is hidden from the host",
        (GuestPolicyBits.CiphertextHidingDram, false) => "the guest runs where the host can see its ciphertext",
        (GuestPolicyBits.PageSwapDisable, true) => "the host may not move or swap pages of the guest",
        (GuestPolicyBits.PageSwapDisable, false) => "the host may move and swap pages of the guest",
        _ => isSet ? "the bit is set" : "the bit is clear",
    };
}
