using SevSnp.Advisories;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Reports;
using SevSnp.Verification;

namespace SevSnp.Judgement;

/// <summary>What must hold of the platform whatever is stated, or unless the policy loosens it by name: C2, C15, C23, C35, C38, C42, C48.</summary>
internal static class PlatformChecks
{
    private const uint FirstVersionWithAliasCheck = 3;

    /// <summary>The checks of the first half that policy has a say in: the least version (C2) and the demand of a list (C15).</summary>
    public static CheckResult WithPolicy(CheckResult check, AppraisalPolicy policy, Demands demands) => check switch
    {
        { Id: CheckId.ReportVersionIsAllowed, Status: CheckStatus.Passed } => demands.Check(check.Id),
        { Id: CheckId.CertificatesAreNotRevoked, Status: CheckStatus.NotRequired } when policy.Revocation != RevocationRule.Preferred =>
            CheckResult.Failed(check.Id, "a current revocation list signed by the root", "none at hand", "the policy demands one"),
        _ => check,
    };

    /// <summary>C23. The signature holds with a masked id too: the key is the chip's. Which chip stays unknown.</summary>
    public static CheckResult ChipIdMask(VerifiedReport report, AppraisalPolicy policy)
    {
        const CheckId Id = CheckId.ChipIdIsNotMasked;
        bool isMasked = report.Report.ChipId.IsZero;
        if (report.Endorsement.Kind == KeyKind.Vlek)
        {
            return CheckResult.NotRequired(Id, "a VLEK speaks for its provider, not for a chip", isMasked ? "masked" : report.Report.ChipId.ToString());
        }

        if (!isMasked)
        {
            return CheckResult.Passed(Id, report.Report.ChipId.ToString());
        }

        return policy.UnsafeAllowMaskedChipId
            ? CheckResult.NotRequired(Id, "CHIP_ID is masked, and the policy accepts that", "masked")
            : CheckResult.Failed(Id, "CHIP_ID shown", "masked");
    }

    /// <summary>C35: the alias check where the policy demands it and the report can show it, and every rule on the bits.</summary>
    public static CheckResult PlatformInfo(AttestationReport report, AppraisalPolicy policy, Demands demands)
    {
        const CheckId Id = CheckId.PlatformInfoIsAllowed;
        CheckResult stated = demands.Check(Id);
        if (policy.UnsafeSkipAliasCheck || report.Version < FirstVersionWithAliasCheck)
        {
            return stated with { Actual = report.PlatformInfo.ToString() };
        }

        const string Expected = "AliasCheckComplete (policy)";
        bool isComplete = report.PlatformInfo.Has(PlatformInfoBits.AliasCheckComplete);
        bool holds = isComplete && stated.Status != CheckStatus.Failed;
        string detail = string.Join("; ", new[] { isComplete ? null : "memory alias check not complete", stated.Status == CheckStatus.Failed ? stated.Detail : null }.OfType<string>());
        return new CheckResult(
            Id,
            holds ? CheckStatus.Passed : CheckStatus.Failed,
            stated.Expected is null ? Expected : $"{Expected}; {stated.Expected}",
            report.PlatformInfo.ToString(),
            detail.Length == 0 ? null : detail);
    }

    /// <summary>C38. Equality is not demanded: hosts commit later than they update.</summary>
    public static CheckResult TcbOrder(TcbVersions tcbs)
    {
        const CheckId Id = CheckId.TcbOrderHolds;
        string actual = $"reported {tcbs.Reported}; committed {tcbs.Committed}; current {tcbs.Current}";
        bool isReportedCommitted = tcbs.Committed.IsAtLeast(tcbs.Reported);
        bool isCommittedCurrent = tcbs.Current.IsAtLeast(tcbs.Committed);
        return isReportedCommitted && isCommittedCurrent
            ? CheckResult.Passed(Id, actual)
            : CheckResult.Failed(
                Id,
                "reported <= committed <= current in each component",
                actual,
                isReportedCommitted ? "a component of the committed TCB is above the current one" : "a component of the reported TCB is above the committed one");
    }

    /// <summary>C48. A bulletin that the list does not have, or that the report cannot show, is not met: silence is no proof.</summary>
    public static CheckResult Advisories(AppraisalPolicy policy, IReadOnlyList<AdvisoryFinding> findings)
    {
        const CheckId Id = CheckId.RequiredAdvisoriesAreMet;
        if (policy.RequiredAdvisories.Count == 0)
        {
            return CheckResult.NotRequired(Id, "nothing demands it");
        }

        string[] required = [.. policy.RequiredAdvisories.Order(StringComparer.Ordinal)];
        AdvisoryFinding[] broken = [.. required.Select(Find).Where(f => f.Status != AdvisoryStatus.UpToDate)];
        string expected = $"up to date: {string.Join(", ", required)}";
        return broken.Length == 0
            ? CheckResult.Passed(Id, expected, expected)
            : CheckResult.Failed(
                Id,
                expected,
                string.Join(", ", broken.Select(f => $"{f.Advisory.Id} {f.Status.WireName()}")),
                string.Join("; ", broken.Select(f => $"{f.Advisory.Id}: {f.Detail}")));

        AdvisoryFinding Find(string id) => findings.FirstOrDefault(f => string.Equals(f.Advisory.Id, id, StringComparison.Ordinal))
            ?? new AdvisoryFinding(new Advisory(id, "", "", [], false, [], [], default, ""), AdvisoryStatus.Unknown, "the list of bulletins does not have it");
    }

    /// <summary>C42.</summary>
    public static CheckResult CspId(VerifiedReport report, Demands demands) =>
        demands.Check(CheckId.CspIdIsAllowed, report.Endorsement.Kind == KeyKind.Vcek ? "a VCEK names no provider" : "nothing demands it");
}
