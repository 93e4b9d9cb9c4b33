using SevSnp.Advisories;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Policies;

namespace SevSnp.Results;

/// <summary>
/// What the failure of a check means for the trustworthiness claims. Every check has a row, and every row lowers at least one claim to
/// warning or contraindicated: so no refused guest comes out affirming, whichever check it was that failed.
/// </summary>
internal static class CheckClaims
{
    /// <summary>The claims that a failed check of an authentic report lowers, and to what.</summary>
    public static IEnumerable<(TrustClaim Claim, sbyte Value)> Of(CheckId id, AttestationVerdict verdict) => id switch
    {
        // A report too old to state what is demanded, or no list at hand where one is demanded: something cannot be seen.
        CheckId.ReportVersionIsAllowed or CheckId.CertificatesAreNotRevoked => [(TrustClaim.Configuration, TrustValues.NotVisible)],

        // All others up to C22 are about signature and certificates.
        <= CheckId.ChipIdMatchesCertificate => TrustClaims.All.Select(claim => (claim, TrustValues.CryptographyFailed)),

        // Which chip, which signer, which provider, or whether it is the guest that was asked: not known.
        CheckId.ChipIdIsNotMasked or CheckId.ReportDataMatchesBinding or CheckId.IdBlockSignerIsAllowed or CheckId.CspIdIsAllowed
            or CheckId.SigningKeyIsAllowed
            or CheckId.EvidenceIsFresh or CheckId.EvidenceIsNotReplayed => [(TrustClaim.InstanceIdentity, TrustValues.NotRecognised)],

        // A release older than the least demanded one has what was mended since.
        CheckId.GuestSvnMeetsMinimum => [(TrustClaim.Executables, TrustValues.Weak)],
        CheckId.MeasurementIsRegistered or CheckId.FamilyAndImageMatch => [(TrustClaim.Executables, TrustValues.NotRecognisedExecutables)],
        CheckId.HostDataMatches or CheckId.IdBlockFieldsAreConsistent or CheckId.VmplIsAllowed or CheckId.MigrationIsOff
            or CheckId.GuestPolicyIsAllowed => [(TrustClaim.Configuration, TrustValues.Contraindicated)],
        CheckId.DebugIsOff => [(TrustClaim.Configuration, TrustValues.Contraindicated), (TrustClaim.RuntimeOpaque, TrustValues.Contraindicated)],
        CheckId.PlatformInfoIsAllowed => [(TrustClaim.Configuration, TrustValues.Weak)],
        CheckId.ReportedTcbMeetsFloor or CheckId.CommittedTcbMeetsFloor or CheckId.TcbOrderHolds or CheckId.LaunchTcbMeetsFloor
            or CheckId.FirmwareVersionMeetsMinimum => [(TrustClaim.Hardware, TrustValues.Weak)],
        CheckId.MitigationsAreActive => verdict.Report.CurrentMitigations is null
            ? [(TrustClaim.Configuration, TrustValues.NotVisible)]
            : [(TrustClaim.Hardware, TrustValues.Weak)],
        CheckId.RequiredAdvisoriesAreMet => verdict.Advisories.Any(f => f.Status == AdvisoryStatus.OutOfDate)
            ? [(TrustClaim.Hardware, TrustValues.Weak)]
            : [(TrustClaim.Configuration, TrustValues.NotVisible)],
        CheckId.ProductAndChipAreAllowed => Machine(verdict),

        // Genuine firmware makes no such report, or the check is a new one without a row.
        _ => [(TrustClaim.Hardware, TrustValues.Contraindicated)],
    };

    // A denied chip or product line is known and not wanted; a chip that is on no list of allowed ones is only not known.
    private static IEnumerable<(TrustClaim Claim, sbyte Value)> Machine(AttestationVerdict verdict)
    {
        bool isDenied = verdict.Demanded.Any(d => d.DeniedChips is { } denied && denied.Any(chip => ChipRules.IsSame(chip, verdict.Report.ChipId)));
        if (isDenied)
        {
            yield return (TrustClaim.InstanceIdentity, TrustValues.Contraindicated);
        }

        if (isDenied || verdict.Demanded.Any(d => d.Products is { } products && !products.Contains(verdict.Product)))
        {
            yield return (TrustClaim.Hardware, TrustValues.Contraindicated);
        }
        else
        {
            yield return (TrustClaim.InstanceIdentity, TrustValues.NotRecognised);
        }
    }
}
