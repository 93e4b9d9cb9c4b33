using SevSnp.Advisories;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.References;

namespace SevSnp.Results;

/// <summary>From a finished verdict to trustworthiness claims. Decides nothing: it restates what was decided.</summary>
internal static class TrustAppraisal
{
    private const uint FirstVersionWithAliasCheck = 3;

    private static readonly GuestPolicyBits AllBits = Enum.GetValues<GuestPolicyBits>().Aggregate((all, bit) => all | bit);

    public static TrustworthinessVector VectorOf(AttestationVerdict verdict)
    {
        if (!verdict.IsReportAuthentic)
        {
            return IsUnknownProduct(verdict)
                ? TrustworthinessVector.Empty.With(TrustClaim.Hardware, TrustValues.NotRecognised)
                : TrustworthinessVector.CryptographyFailed;
        }

        TrustworthinessVector found = TrustworthinessVector.Empty
            .With(TrustClaim.InstanceIdentity, InstanceIdentity(verdict))
            .With(TrustClaim.Configuration, Configuration(verdict))
            .With(TrustClaim.Executables, Executables(verdict))
            .With(TrustClaim.Hardware, Hardware(verdict))
            .With(TrustClaim.RuntimeOpaque, IsDebuggable(verdict) ? TrustValues.Contraindicated : TrustValues.Good);
        return verdict.Checks.Where(check => !CheckTable.Of(check.Id).IsHeldBy(check.Status))
            .SelectMany(check => CheckClaims.Of(check.Id, verdict))
            .Aggregate(found, (vector, lowered) => vector.Worsened(lowered.Claim, lowered.Value));
    }

    /// <summary>
    /// The worst claim decides. Should a refused guest come out well all the same, because checks are missing rather than failed, it is
    /// contraindicated: what was not shown is not trusted.
    /// </summary>
    public static TrustTier StatusOf(AttestationVerdict verdict, TrustworthinessVector vector) =>
        !verdict.Accepted && vector.Tier is TrustTier.None or TrustTier.Affirming ? TrustTier.Contraindicated : vector.Tier;

    // Such a CPU has no pinned root, so its signature was not looked at.
    private static bool IsUnknownProduct(AttestationVerdict verdict) =>
        verdict.Report is { Cpu: not null, CpuProduct: ProductLine.Unknown }
        && verdict.Checks.FirstOrDefault(check => check.Status == CheckStatus.Failed)?.Id == CheckId.ProductIsConsistent;

    private static sbyte InstanceIdentity(AttestationVerdict verdict)
    {
        bool isAllowedChip = Holds(verdict, CheckId.ProductAndChipAreAllowed) && verdict.Demanded.Any(d => d.AllowedChips is not null);
        bool isNamedSigner = Holds(verdict, CheckId.IdBlockSignerIsAllowed) && verdict.Demanded.Any(d => d.Signer is SignerRule.Pinned);
        return isAllowedChip || isNamedSigner ? TrustValues.Good : TrustValues.NoClaim;
    }

    private static sbyte Configuration(AttestationVerdict verdict) => verdict.Report switch
    {
        _ when IsDebuggable(verdict) || verdict.Report.Policy.Has(GuestPolicyBits.MigrateMa) => TrustValues.Contraindicated,
        { Version: < FirstVersionWithAliasCheck } => TrustValues.NotVisible,
        { PlatformInfo: var platform } when !platform.Has(PlatformInfoBits.AliasCheckComplete) => TrustValues.Weak,
        _ => IsPolicyPinned(verdict) ? TrustValues.Good : TrustValues.GoodAtBoot,
    };

    private static sbyte Executables(AttestationVerdict verdict) => verdict switch
    {
        { IsMeasurementRevoked: true } => TrustValues.Contraindicated,
        { Reference.Value.State: ReferenceState.Deprecated } => TrustValues.Weak,
        { Reference: not null } => TrustValues.GoodAtBoot,
        _ => TrustValues.NotRecognisedExecutables,
    };

    // A simulated root is trusted where it is configured. Whoever is handed a result cannot see that, and must not take it for AMD's.
    private static sbyte Hardware(AttestationVerdict verdict) => verdict switch
    {
        { Endorsement: not { IsUnsafeExtraRoot: false } } => TrustValues.NotRecognised,
        _ when verdict.Advisories.Any(finding => finding.Status == AdvisoryStatus.OutOfDate) => TrustValues.Weak,
        _ => TrustValues.Good,
    };

    // Every bit is demanded one way or the other, debugging and migration by the checks that are always made, and the ABI is the least one.
    private static bool IsPolicyPinned(AttestationVerdict verdict) =>
        verdict.Reference?.Value.Constraints.GuestPolicy is { } rule
        && (rule.Required | rule.Forbidden | GuestPolicyBits.Debug | GuestPolicyBits.MigrateMa) == AllBits
        && (rule.MinAbiMajor, rule.MinAbiMinor) == (verdict.Report.Policy.AbiMajor, verdict.Report.Policy.AbiMinor);

    private static bool IsDebuggable(AttestationVerdict verdict) => verdict.Report.Policy.Has(GuestPolicyBits.Debug);

    private static bool Holds(AttestationVerdict verdict, CheckId id) => verdict.Checks.Any(check => check.Id == id && check.Status == CheckStatus.Passed);
}
