using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Reports;

namespace SevSnp.Verification;

/// <summary>The first half of judging: is this report from genuine AMD hardware? Pure; the same arguments give the same answer.</summary>
public static class Authenticator
{
    /// <summary>Makes the checks C1 to C22.</summary>
    /// <param name="evidence">Report and certificates.</param>
    /// <param name="roots">The pinned roots.</param>
    /// <param name="at">The time of judging.</param>
    /// <returns>The results, and the verified report when the gates C1 to C20 held.</returns>
    public static Authentication Authenticate(Evidence evidence, TrustRoots roots, DateTimeOffset at) => throw new NotSupportedException();
}

/// <summary>The outcome of the first half of judging.</summary>
/// <param name="Report">The report as parsed, authentic or not.</param>
/// <param name="Checks">One result for each of C1 to C22, in order.</param>
/// <param name="Verified">The verified report, or null when a gate failed.</param>
/// <param name="Endorsement">The verified chain, or null when it did not hold; present although the report's signature failed.</param>
public sealed record Authentication(AttestationReport Report, IReadOnlyList<CheckResult> Checks, VerifiedReport? Verified, EndorsementKey? Endorsement);
