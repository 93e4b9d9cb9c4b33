using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Reports;

namespace SevSnp.Judgement;

/// <summary>What must hold of the guest whatever is stated, or unless the policy loosens it by name: C26, C28, C29, C31 to C33, C44, C45.</summary>
internal static class GuestChecks
{
    private const uint HighestVmpl = 3;
    private const uint HostRequested = 0xFFFFFFFF;

    /// <summary>C26.</summary>
    public static CheckResult ReportData(AttestationReport report, AppraisalPolicy policy, ReportDataBinding? binding)
    {
        string actual = report.ReportData.ToString();
        if (binding is not null)
        {
            return binding.Matches(report.ReportData)
                ? new CheckResult(CheckId.ReportDataMatchesBinding, CheckStatus.Passed, binding.Expected.ToString(), actual, $"by scheme {binding.Scheme}")
                : CheckResult.Failed(CheckId.ReportDataMatchesBinding, binding.Expected.ToString(), actual, $"REPORT_DATA is not what scheme {binding.Scheme} gives");
        }

        return policy.UnsafeAllowUnboundReport
            ? CheckResult.NotRequired(CheckId.ReportDataMatchesBinding, "the policy accepts reports without a binding", actual)
            : CheckResult.Failed(CheckId.ReportDataMatchesBinding, "a binding by a named scheme", actual, "the request names none, so nothing ties the report to it");
    }

    /// <summary>C28: the flag and the digests agree, whoever signed; then the rules on the signer.</summary>
    public static CheckResult Signer(AttestationReport report, Demands demands)
    {
        const CheckId Id = CheckId.IdBlockSignerIsAllowed;
        if (report.AuthorKeyEnabled == report.AuthorKeyDigest.IsZero)
        {
            return CheckResult.Failed(
                Id,
                report.AuthorKeyEnabled ? "an author key digest, as AUTHOR_KEY_EN says" : "no author key digest, as AUTHOR_KEY_EN says",
                report.AuthorKeyDigest.ToString());
        }

        if (report.AuthorKeyEnabled && report.IdKeyDigest.IsZero)
        {
            return CheckResult.Failed(Id, "an ID key that the author key signed", "no ID key digest");
        }

        CheckResult result = demands.Check(Id);
        return result.Status == CheckStatus.NotRequired
            ? new CheckResult(Id, CheckStatus.Passed, null, report.IdKeyDigest.IsZero ? "no ID block" : $"ID key {report.IdKeyDigest}", "consistent; nothing demands a signer")
            : result;
    }

    /// <summary>C29.</summary>
    public static CheckResult IdBlockFields(AttestationReport report)
    {
        const CheckId Id = CheckId.IdBlockFieldsAreConsistent;
        if (!report.IdKeyDigest.IsZero)
        {
            return CheckResult.Passed(Id, "an ID block was used");
        }

        bool isZero = report.GuestSvn == 0 && report.FamilyId.IsZero && report.ImageId.IsZero;
        return isZero
            ? CheckResult.Passed(Id, "no ID block was used")
            : CheckResult.Failed(
                Id,
                "GUEST_SVN, FAMILY_ID and IMAGE_ID zero without an ID block",
                $"GUEST_SVN {report.GuestSvn}, FAMILY_ID {report.FamilyId}, IMAGE_ID {report.ImageId}");
    }

    /// <summary>C31. A report that the host asked for holds the host's data: no set of VMPLs can allow it.</summary>
    public static CheckResult Vmpl(AttestationReport report, Demands demands) => report.Vmpl <= HighestVmpl
        ? demands.Check(CheckId.VmplIsAllowed)
        : CheckResult.Failed(
            CheckId.VmplIsAllowed,
            $"VMPL 0 to {HighestVmpl}",
            $"VMPL 0x{report.Vmpl:x}",
            report.Vmpl == HostRequested ? "the host asked for this report, not the guest" : null);

    /// <summary>C32.</summary>
    public static CheckResult Debug(AttestationReport report, AppraisalPolicy policy) =>
        Bit(report, CheckId.DebugIsOff, GuestPolicyBits.Debug, "debugging", policy.UnsafeAllowDebug);

    /// <summary>C33.</summary>
    public static CheckResult Migration(AttestationReport report, AppraisalPolicy policy)
    {
        bool isBound = report.ReportIdMa.Span.ContainsAnyExcept((byte)0xFF);
        return isBound && !report.Policy.Has(GuestPolicyBits.MigrateMa)
            ? CheckResult.Failed(CheckId.MigrationIsOff, "REPORT_ID_MA all ones, as no migration agent is allowed", report.ReportIdMa.ToString())
            : Bit(report, CheckId.MigrationIsOff, GuestPolicyBits.MigrateMa, "a migration agent", policy.UnsafeAllowMigration);
    }

    /// <summary>C44.</summary>
    public static CheckResult Identity(AttestationReport report)
    {
        string? zero = report switch
        {
            { Measurement.IsZero: true } => "MEASUREMENT is zero",
            { ReportId.IsZero: true } => "REPORT_ID is zero",
            _ => null,
        };
        return zero is null
            ? CheckResult.Passed(CheckId.IdentityFieldsAreNotZero, $"REPORT_ID {report.ReportId}")
            : CheckResult.Failed(CheckId.IdentityFieldsAreNotZero, "MEASUREMENT and REPORT_ID not zero", zero);
    }

    /// <summary>C45. A challenge says so once it is known to be an issued one that was not used before.</summary>
    public static CheckResult Freshness(CheckResult reportData, Expectations expectations) => (reportData.Status, expectations.Binding) switch
    {
        (CheckStatus.Passed, { Challenge: not null } binding) => expectations.ChallengeIsSpent
            ? CheckResult.Passed(CheckId.EvidenceIsFresh, $"an issued challenge, by scheme {binding.Scheme}")
            : CheckResult.NotEvaluated(CheckId.EvidenceIsFresh, $"{CheckId.EvidenceIsNotReplayed.WireName()} failed"),
        (CheckStatus.Passed, { ShowsFreshness: true } binding) => CheckResult.Passed(CheckId.EvidenceIsFresh, $"a nonce of the caller, by scheme {binding.Scheme}"),
        (CheckStatus.Passed, var binding) => CheckResult.NotRequired(CheckId.EvidenceIsFresh, $"the scheme {binding?.Scheme} does not say that the bytes hold a fresh nonce"),
        (CheckStatus.NotRequired, _) => CheckResult.NotRequired(CheckId.EvidenceIsFresh, "without a binding nothing shows when the report was made"),
        _ => CheckResult.NotEvaluated(CheckId.EvidenceIsFresh, $"{reportData.Id.WireName()} failed"),
    };

    /// <summary>
    /// C46. That needs a memory of what was seen, which a pure judge has not: who issued a challenge has it, and says whether it was used
    /// up. For other bindings the evidence id, equal for both signatures that ECDSA allows, is given so that a caller can keep one.
    /// </summary>
    public static CheckResult Replay(AttestationReport report, CheckResult reportData, Expectations expectations) => (expectations.Binding?.Challenge, reportData.Status) switch
    {
        (null, _) => CheckResult.NotRequired(
            CheckId.EvidenceIsNotReplayed, "not made: single use of nonces or evidence ids is the caller's to keep", $"evidence id {report.EvidenceId}"),
        (_, not CheckStatus.Passed) => CheckResult.NotEvaluated(CheckId.EvidenceIsNotReplayed, $"{reportData.Id.WireName()} failed"),
        _ when expectations.ChallengeIsSpent => CheckResult.Passed(CheckId.EvidenceIsNotReplayed, "a challenge that was used up for this verdict"),
        _ => CheckResult.Failed(
            CheckId.EvidenceIsNotReplayed,
            "a challenge that was issued to this tenant, has not expired and was not used before",
            "a challenge that is unknown, expired or already used"),
    };

    private static CheckResult Bit(AttestationReport report, CheckId id, GuestPolicyBits bit, string what, bool isAllowed)
    {
        string actual = $"guest policy {report.Policy}";
        if (!report.Policy.Has(bit))
        {
            return CheckResult.Passed(id, actual);
        }

        return isAllowed
            ? CheckResult.NotRequired(id, $"the guest policy allows {what}, and the policy accepts that", actual)
            : CheckResult.Failed(id, $"{what} forbidden by the guest policy", actual);
    }
}
