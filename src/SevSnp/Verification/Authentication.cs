using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Reports;

namespace SevSnp.Verification;

/// <summary>The outcome of the first half of judging. Made by <see cref="Authenticator"/> alone, and never changed.</summary>
public sealed class Authentication
{
    internal Authentication(AttestationReport report, CheckResult[] checks, VerifiedReport? verified, EndorsementKey? endorsement)
    {
        Report = report;
        Checks = Array.AsReadOnly(checks);
        Verified = verified;
        Endorsement = endorsement;
    }

    /// <summary>The report as parsed, authentic or not.</summary>
    public AttestationReport Report { get; }

    /// <summary>One result for each of C1 to C22, in order.</summary>
    public IReadOnlyList<CheckResult> Checks { get; }

    /// <summary>The verified report, or null when a gate failed.</summary>
    public VerifiedReport? Verified { get; }

    /// <summary>The verified chain, or null when it did not hold; present although the report's signature failed.</summary>
    public EndorsementKey? Endorsement { get; }
}
