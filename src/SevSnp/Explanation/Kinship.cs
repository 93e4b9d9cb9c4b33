using SevSnp.Primitives;
using SevSnp.Reports;

namespace SevSnp.Explanation;

/// <summary>How near a guest is to a file that does not have its measurement; larger is nearer. A digest itself tells no distance.</summary>
public enum Kinship
{
    /// <summary>Nothing links them.</summary>
    None = 0,

    /// <summary>The ID block of the guest has the ID key or the author key of the file's.</summary>
    SameSigner = 1,

    /// <summary>The same ID key, family and image.</summary>
    SameImage = 2,
}

/// <summary>Finds and names the kinship of a report and a file.</summary>
public static class Kinships
{
    /// <summary>Compares signer and image.</summary>
    /// <param name="claims">What the file's ID block says; without one there is no kinship.</param>
    /// <param name="report">The report; nothing here verifies it.</param>
    /// <returns>The kinship.</returns>
    public static Kinship Of(LaunchClaims claims, AttestationReport report)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(report);
        bool sameKey = Same(claims.IdKeyDigest, report.IdKeyDigest);
        return sameKey && Equals(claims.FamilyId, report.FamilyId) && Equals(claims.ImageId, report.ImageId) ? Kinship.SameImage
            : sameKey || Same(claims.AuthorKeyDigest, report.AuthorKeyDigest) ? Kinship.SameSigner
            : Kinship.None;
    }

    /// <summary>One sentence without a full stop.</summary>
    /// <param name="kinship">The kinship.</param>
    /// <returns>The text.</returns>
    public static string Words(this Kinship kinship) => kinship switch
    {
        Kinship.SameImage => "the guest is another build of this image by the same signer, or its host changed what was launched",
        Kinship.SameSigner => "the guest is another image of the same signer",
        _ => "nothing links the guest to this file: it was launched from another one, or its host changed what was launched",
    };

    private static bool Same(Digest384? expected, Digest384 actual) => expected is { IsZero: false } digest && digest == actual;
}
