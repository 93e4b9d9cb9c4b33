using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using SevSnp.Verification;

namespace SevSnp.Judgement;

/// <summary>
/// Acceptance by signer. The firmware has checked the ID block against its key and the launch against the ID block, so what it states is
/// the signer's word; whose word counts for which releases is what a reference value says.
/// </summary>
internal static class SignedReleases
{
    /// <summary>Why a value may not vouch for the signed release that a report shows, or null. Its constraints are judged elsewhere.</summary>
    public static string? Obstacle(ReferenceValue value, IReadOnlyList<ReferenceValue> all, VerifiedReport report)
    {
        if (value is not { AcceptsBySigner: true, Measurements: [], Constraints.Signer: SignerRule.Pinned { FamilyId: not null, ImageId: not null } rule })
        {
            return "does not accept by signer";
        }

        if (!SignerRules.IsPinned(report, rule))
        {
            return "names another signer";
        }

        // Stated once more than by the revoked value alone: the same trust, registered twice, must not survive being withdrawn once.
        return all.FirstOrDefault(other => Withdraws(other, rule, report)) is { } withdrawing && withdrawing.Name != value.Name
            ? $"trusts no more than {withdrawing.Name} did, which is revoked"
            : null;
    }

    // Of the same release line: whoever raises the least SVN beyond the withdrawn one may trust it again.
    private static bool Withdraws(ReferenceValue other, SignerRule.Pinned rule, VerifiedReport report) =>
        other is { State: ReferenceState.Revoked, AcceptsBySigner: true, Constraints.Signer: SignerRule.Pinned revoked }
        && SignerRules.IsPinned(report, revoked)
        && Is(revoked.FamilyId, report.Report.FamilyId)
        && Is(revoked.ImageId, report.Report.ImageId)
        && rule.MinGuestSvn <= revoked.MinGuestSvn;

    private static bool Is(HexBytes? stated, HexBytes found) => stated is null || stated == found;
}
