using SevSnp.Primitives;
using SevSnp.Verification;

namespace SevSnp.Policies;

/// <summary>Constraints on the ID block's signer, and on the claims that only a pinned signer gives meaning (C24, C28, C30).</summary>
internal static class SignerRules
{
    private const string NotPinned = "the value has a meaning only under the pinned signer, and another one signed";

    public static Finding? Signer(VerifiedReport report, Constraints stated) => stated.Signer switch
    {
        null => null,
        SignerRule.NoIdBlock => new(
            report.Report.IdKeyDigest.IsZero && report.Report.AuthorKeyDigest.IsZero, "no ID block", Show(report)),
        SignerRule.Pinned pinned => new(IsPinned(report, pinned), Show(pinned), Show(report)),
        _ => new(false, "a known rule on the signer", "an unknown one"),
    };

    public static Finding? GuestSvn(VerifiedReport report, Constraints stated)
    {
        if (stated.Signer is not SignerRule.Pinned { MinGuestSvn: > 0 } pinned)
        {
            return null;
        }

        bool isPinned = IsPinned(report, pinned);
        uint svn = report.Report.GuestSvn;
        return new(isPinned && svn >= pinned.MinGuestSvn, $"GUEST_SVN at least {pinned.MinGuestSvn}", $"GUEST_SVN {svn}", isPinned ? null : NotPinned);
    }

    public static Finding? FamilyAndImage(VerifiedReport report, Constraints stated)
    {
        if (stated.Signer is not SignerRule.Pinned pinned || (pinned.FamilyId ?? pinned.ImageId) is null)
        {
            return null;
        }

        bool isPinned = IsPinned(report, pinned);
        bool isSame = (pinned.FamilyId is not { } family || family.Equals(report.Report.FamilyId))
            && (pinned.ImageId is not { } image || image.Equals(report.Report.ImageId));
        return new(
            isPinned && isSame,
            $"FAMILY_ID {pinned.FamilyId?.ToString() ?? "any"}, IMAGE_ID {pinned.ImageId?.ToString() ?? "any"}",
            $"FAMILY_ID {report.Report.FamilyId}, IMAGE_ID {report.Report.ImageId}",
            isPinned ? null : NotPinned);
    }

    // The zero digest means "no key": it is never a key that someone could have pinned.
    public static bool IsPinned(VerifiedReport report, SignerRule.Pinned pinned)
    {
        Digest384 id = report.Report.IdKeyDigest;
        Digest384 author = report.Report.AuthorKeyDigest;
        return (!id.IsZero && pinned.IdKeyDigests.Contains(id))
            || (report.Report.AuthorKeyEnabled && !id.IsZero && !author.IsZero && pinned.AuthorKeyDigests.Contains(author));
    }

    private static string Show(SignerRule.Pinned pinned) => (pinned.IdKeyDigests.Count, pinned.AuthorKeyDigests.Count) switch
    {
        (0, 0) => "no signer is allowed",
        (1, 0) => $"ID key {pinned.IdKeyDigests.First()}",
        (0, 1) => $"author key {pinned.AuthorKeyDigests.First()}",
        var (ids, authors) => $"one of {ids} ID keys or {authors} author keys",
    };

    private static string Show(VerifiedReport report)
    {
        if (report.Report.IdKeyDigest.IsZero)
        {
            return "no ID block";
        }

        string author = report.Report.AuthorKeyEnabled ? $", author key {report.Report.AuthorKeyDigest}" : "";
        return $"ID key {report.Report.IdKeyDigest}{author}";
    }
}
