using SevSnp.Checks;
using SevSnp.Verification;

namespace SevSnp.Policies;

/// <summary>
/// Applies constraints to verified reports, one rule per check. A rule sees one set of constraints at a time and gives null when
/// nothing is stated there: so sets are combined by demanding each of them, and adding one can only tighten.
/// </summary>
internal static class ConstraintRules
{
    private static readonly Dictionary<CheckId, Func<VerifiedReport, Constraints, Finding?>> Rules = new()
    {
        [CheckId.ReportVersionIsAllowed] = PlatformRules.ReportVersion,
        [CheckId.GuestSvnMeetsMinimum] = SignerRules.GuestSvn,
        [CheckId.HostDataMatches] = GuestRules.HostData,
        [CheckId.IdBlockSignerIsAllowed] = SignerRules.Signer,
        [CheckId.FamilyAndImageMatch] = SignerRules.FamilyAndImage,
        [CheckId.VmplIsAllowed] = GuestRules.Vmpl,
        [CheckId.GuestPolicyIsAllowed] = GuestRules.Policy,
        [CheckId.PlatformInfoIsAllowed] = PlatformRules.PlatformInfo,
        [CheckId.ReportedTcbMeetsFloor] = TcbFloorRules.Reported,
        [CheckId.CommittedTcbMeetsFloor] = TcbFloorRules.Committed,
        [CheckId.LaunchTcbMeetsFloor] = TcbFloorRules.Launch,
        [CheckId.FirmwareVersionMeetsMinimum] = PlatformRules.Firmware,
        [CheckId.MitigationsAreActive] = PlatformRules.Mitigations,
        [CheckId.CspIdIsAllowed] = ChipRules.CspId,
        [CheckId.ProductAndChipAreAllowed] = ChipRules.ProductAndChip,
        [CheckId.SigningKeyIsAllowed] = ChipRules.SigningKey,
    };

    /// <summary>The checks that constraints can state something on.</summary>
    public static IReadOnlyCollection<CheckId> Checks => Rules.Keys;

    /// <summary>What one set of constraints says on one check, or null when it states nothing.</summary>
    public static Finding? Find(CheckId id, VerifiedReport report, Constraints stated) => Rules[id](report, stated);

    /// <summary>Every constraint of a set that is not met.</summary>
    public static IReadOnlyList<(CheckId Id, Finding Finding)> Broken(VerifiedReport report, Constraints stated)
    {
        List<(CheckId Id, Finding Finding)> broken = [];
        foreach ((CheckId id, Func<VerifiedReport, Constraints, Finding?> rule) in Rules)
        {
            if (rule(report, stated) is { Holds: false } finding)
            {
                broken.Add((id, finding));
            }
        }

        return broken;
    }
}
