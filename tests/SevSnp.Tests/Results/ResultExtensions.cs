using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Results;
using SevSnp.Tests.Judgement;
using SevSnp.Verification;

namespace SevSnp.Tests.Results;

/// <summary>Verdicts as results.</summary>
internal static class ResultExtensions
{
    /// <summary>The verdict as if the virtual AMD were AMD: a simulated root would be what is worst in every result.</summary>
    public static AttestationVerdict DecideAsGenuine(this Guest guest) => guest.Decide(Genuine(guest.Scenario.Authenticate()));

    public static AttestationResult Result(this Guest guest) => guest.Of(guest.DecideAsGenuine());

    /// <summary>The result of a guest's verdict.</summary>
    public static AttestationResult Of(this Guest guest, AttestationVerdict verdict) => AttestationResult.Of(verdict, guest.Expectations.Binding!);

    public static Authentication Genuine(Authentication simulated)
    {
        EndorsementKey key = simulated.Endorsement!;
        EndorsementKey genuine = new(key.Certificate, key.Issuer, key.Root, isUnsafeExtraRoot: false, key.Revocation);
        VerifiedReport? verified = simulated.Verified is { } report ? new VerifiedReport(report.Report, report.Tcbs, genuine) : null;
        return new Authentication(simulated.Report, [.. simulated.Checks], verified, genuine);
    }

    /// <summary>The same verdict but for its checks.</summary>
    public static AttestationVerdict WithChecks(this Guest guest, bool isAuthentic, Func<CheckResult[], CheckResult[]> change)
    {
        AttestationVerdict good = guest.DecideAsGenuine();
        return new AttestationVerdict(Genuine(guest.Scenario.Authenticate()), isAuthentic, change([.. good.Checks]), good.Policy, good.JudgedAt)
        {
            Reference = good.Reference,
            Bound = good.Bound,
            Demanded = good.Demanded,
        };
    }

    /// <summary>The claims that are made, for example <c>hardware 2</c>.</summary>
    public static IEnumerable<string> Made(this AttestationResult result) => result.Vector.Made.Select(made => $"{made.Claim.WireName()} {made.Value}");
}
