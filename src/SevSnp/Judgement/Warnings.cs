using SevSnp.Certificates;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.References;
using SevSnp.Verification;

namespace SevSnp.Judgement;

/// <summary>What did not decide but should be known. The ids are stable.</summary>
internal static class Warnings
{
    private static readonly Dictionary<string, string> UnsafeTexts = new(StringComparer.Ordinal)
    {
        ["unsafe_allow_debug"] = "The policy accepts guests whose memory the host may read and change.",
        ["unsafe_allow_migration"] = "The policy accepts guests that a migration agent may move, and does not judge that agent.",
        ["unsafe_allow_masked_chip_id"] = "The policy accepts reports that hide which chip made them.",
        ["unsafe_allow_unbound_report"] = "The policy accepts reports that nothing ties to this request, to this time or to the peer.",
        ["unsafe_allow_any_measurement"] = "The policy accepts any launch measurement: the verdict then says only that some SEV-SNP guest made the report.",
        ["unsafe_skip_revocation"] = "The policy does without revocation lists, so a withdrawn intermediate would not be noticed.",
        ["unsafe_skip_alias_check"] = "The policy accepts platforms that do not show a completed memory alias check (CVE-2024-21944).",
    };

    /// <summary>Warnings of an authentic report.</summary>
    public static IEnumerable<Warning> Of(VerifiedReport report, AppraisalPolicy policy, Demands demands, MatchedReference? reference)
    {
        if (policy is { Revocation: RevocationRule.Preferred, UnsafeSkipRevocation: false } && report.Endorsement.Revocation == RevocationStatus.NoList)
        {
            yield return new("NO_REVOCATION_LIST", "No revocation list was at hand, so a withdrawn intermediate would not be noticed.");
        }

        if (!demands.StateTcbFloor)
        {
            yield return new("NO_TCB_FLOOR", "No least TCB is stated, so firmware with published flaws is not refused.");
        }

        if (reference is { Value: { State: ReferenceState.Deprecated } value })
        {
            yield return new("DEPRECATED_REFERENCE", $"The reference value {value.Name} is deprecated.");
        }

        if (reference is { Measurement: null, Value: var signed })
        {
            yield return new("ACCEPTED_BY_SIGNER", $"This measurement is not registered: {signed.Name} trusts whatever its signer has signed.");
        }

        if (!policy.UnsafeSkipAliasCheck && report.Report.Version < 3)
        {
            yield return new("ALIAS_CHECK_NOT_STATED", "Reports of version 2 do not state whether the memory alias check was made (CVE-2024-21944).");
        }

        if ((report.Report.PlatformInfo.Raw & PlatformInfo.UnknownBits) != 0)
        {
            yield return new("UNKNOWN_PLATFORM_BITS", $"The platform information {report.Report.PlatformInfo} has bits without a published meaning.");
        }

        if (report.Endorsement.Kind == KeyKind.Vlek && !report.Report.ChipId.IsZero)
        {
            yield return new("VLEK_WITH_CHIP_ID", "The report is signed by a VLEK and yet names a chip, which nothing checks.");
        }

        foreach (string name in policy.UnsafeSwitches)
        {
            yield return new(name.ToUpperInvariant(), UnsafeTexts[name]);
        }
    }

    /// <summary>Warnings of the chain, which may hold although the report's signature does not.</summary>
    public static IEnumerable<Warning> Of(EndorsementKey? endorsement)
    {
        if (endorsement is { IsUnsafeExtraRoot: true })
        {
            yield return new("UNSAFE_EXTRA_ROOT", "The root certificate is not AMD's but one configured for simulation: the evidence comes from no real machine.");
        }
    }
}
