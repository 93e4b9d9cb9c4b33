using SevSnp.Advisories;
using SevSnp.Checks;
using SevSnp.Policies;
using SevSnp.References;
using SevSnp.Reports;
using SevSnp.Verification;

namespace SevSnp.Judgement;

/// <summary>The second half of judging: is this authentic report acceptable? Pure; the same arguments give the same answer.</summary>
public static class Judge
{
    /// <summary>Judges with the list of security bulletins that the library comes with.</summary>
    /// <param name="authentication">The first half.</param>
    /// <param name="policy">The tenant's policy.</param>
    /// <param name="expectations">What the caller asks beyond it.</param>
    /// <param name="references">What the registry knows of the report's measurement.</param>
    /// <param name="at">The time of judging.</param>
    /// <returns>The verdict.</returns>
    public static AttestationVerdict Decide(Authentication authentication, AppraisalPolicy policy, Expectations expectations, MeasurementRecords references, DateTimeOffset at) =>
        Decide(authentication, policy, expectations, references, AdvisoryList.BuiltIn, at);

    /// <summary>Makes the checks C23 to C48 and decides. Evidence that is not authentic is rejected, its content not judged.</summary>
    /// <param name="authentication">The first half.</param>
    /// <param name="policy">The tenant's policy.</param>
    /// <param name="expectations">What the caller asks beyond it.</param>
    /// <param name="references">What the registry knows of the report's measurement.</param>
    /// <param name="advisories">The security bulletins to look at.</param>
    /// <param name="at">The time of judging.</param>
    /// <returns>The verdict.</returns>
    public static AttestationVerdict Decide(
        Authentication authentication, AppraisalPolicy policy, Expectations expectations, MeasurementRecords references, AdvisoryList advisories, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(authentication);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(expectations);
        ArgumentNullException.ThrowIfNull(references);
        ArgumentNullException.ThrowIfNull(advisories);
        if (authentication.Verified is not { } report)
        {
            return NotAuthentic(authentication, policy, at);
        }

        ReferenceMatch match = new ReferenceMatcher(report, policy, expectations, references, at).Match();
        Demand[] sources = [.. Sources(policy, expectations, match.Judged)];
        Demands demands = new(report, sources);
        IReadOnlyList<AdvisoryFinding> findings = advisories.Evaluate(report);
        CheckResult[] gates = [.. authentication.Checks];
        CheckResult[] checks = [.. Array.ConvertAll(gates, check => PlatformChecks.WithPolicy(check, policy, demands)), .. Content(report, policy, expectations, match, demands, findings)];

        bool isAuthentic = CheckTable.HoldsTo(CheckId.ChipIdMatchesCertificate, gates);
        return new AttestationVerdict(authentication, isAuthentic, checks, policy.Identity, at)
        {
            Warnings = [.. Warnings.Of(report.Endorsement), .. Warnings.Of(report, policy, demands, match.Matched)],
            Advisories = isAuthentic ? findings : [],
            Reference = isAuthentic ? match.Matched : null,
            Bound = isAuthentic && IsBound(checks) ? expectations.Binding : null,
            IsMeasurementRevoked = isAuthentic && match.IsRevoked,
            Demanded = [.. sources.Select(source => source.Stated)],
        };
    }

    // All are made, whatever failed before, so that an operator sees the whole list at once; in its order, as those of the first half are.
    private static CheckResult[] Content(
        VerifiedReport verified, AppraisalPolicy policy, Expectations expectations, ReferenceMatch match, Demands demands, IReadOnlyList<AdvisoryFinding> advisories)
    {
        AttestationReport report = verified.Report;
        CheckResult reportData = GuestChecks.ReportData(report, policy, expectations.Binding);
        return
        [
            PlatformChecks.ChipIdMask(verified, policy),                // C23
            demands.Check(CheckId.GuestSvnMeetsMinimum),                // C24
            match.Check,                                                // C25
            reportData,                                                 // C26
            demands.Check(CheckId.HostDataMatches),                     // C27
            GuestChecks.Signer(report, demands),                        // C28
            GuestChecks.IdBlockFields(report),                          // C29
            demands.Check(CheckId.FamilyAndImageMatch),                 // C30
            GuestChecks.Vmpl(report, demands),                          // C31
            GuestChecks.Debug(report, policy),                          // C32
            GuestChecks.Migration(report, policy),                      // C33
            demands.Check(CheckId.GuestPolicyIsAllowed),                // C34
            PlatformChecks.PlatformInfo(report, policy, demands),       // C35
            demands.Check(CheckId.ReportedTcbMeetsFloor),               // C36
            demands.Check(CheckId.CommittedTcbMeetsFloor),              // C37
            PlatformChecks.TcbOrder(verified.Tcbs),                     // C38
            demands.Check(CheckId.LaunchTcbMeetsFloor),                 // C39, no order against the current one: hosts update live
            demands.Check(CheckId.FirmwareVersionMeetsMinimum),         // C40
            demands.Check(CheckId.MitigationsAreActive),                // C41
            PlatformChecks.CspId(verified, demands),                    // C42
            demands.Check(CheckId.ProductAndChipAreAllowed),            // C43
            GuestChecks.Identity(report),                               // C44
            GuestChecks.Freshness(reportData, expectations),            // C45
            GuestChecks.Replay(report, reportData, expectations),       // C46
            demands.Check(CheckId.SigningKeyIsAllowed),                 // C47
            PlatformChecks.Advisories(policy, advisories),              // C48
        ];
    }

    private static IEnumerable<Demand> Sources(AppraisalPolicy policy, Expectations expectations, ReferenceValue? judged)
    {
        yield return new("policy", policy.EffectiveConstraints);
        yield return new("request", expectations.Constraints);
        if (judged is not null)
        {
            yield return new(judged.Name, judged.Constraints);
        }
    }

    private static bool IsBound(CheckResult[] checks) =>
        Array.Exists(checks, check => check is { Id: CheckId.ReportDataMatchesBinding, Status: CheckStatus.Passed })
        && !Array.Exists(checks, check => check is { Id: CheckId.EvidenceIsNotReplayed, Status: CheckStatus.Failed });

    private static AttestationVerdict NotAuthentic(Authentication authentication, AppraisalPolicy policy, DateTimeOffset at)
    {
        IEnumerable<CheckResult> unjudged = CheckTable.All
            .Where(rule => rule.Id > CheckId.ChipIdMatchesCertificate)
            .Select(rule => CheckResult.NotEvaluated(rule.Id, "the report is not authentic"));
        return new AttestationVerdict(authentication, isAuthentic: false, [.. authentication.Checks, .. unjudged], policy.Identity, at)
        {
            Warnings = [.. Warnings.Of(authentication.Endorsement)],
        };
    }
}
