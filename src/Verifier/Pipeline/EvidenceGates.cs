using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Policies;
using SevSnp.Verification;

namespace Verifier.Service.Pipeline;

/// <summary>What is known of a question before anything is asked for.</summary>
internal static class EvidenceGates
{
    // T100, T101: an unsigned report, an impossible signature or certificates that do not parse must not cost a request to anyone.
    public static bool IsRefusedByItself(VerificationQuery query, TrustRoots roots, DateTimeOffset at)
    {
        if (query.Certificates.Faults.Count > 0)
        {
            return true;
        }

        Evidence bare = new(query.Report, CertificateBundle.Empty) { MissingLeafReason = "not gathered yet" };
        return Authenticator.Authenticate(bare, roots, at).Checks
            .Any(c => c.Status == CheckStatus.Failed && c.Id <= CheckId.SignatureIsWellFormed);
    }

    /// <summary>How much a revocation list is wanted; null when the policy does without.</summary>
    public static RevocationRule? WantsRevocationList(this AppraisalPolicy policy) =>
        policy is { UnsafeSkipRevocation: true, Revocation: RevocationRule.Preferred } ? null : policy.Revocation;
}
