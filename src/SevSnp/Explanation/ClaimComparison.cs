using System.Globalization;
using SevSnp.Launch;
using SevSnp.Primitives;
using SevSnp.Reports;

namespace SevSnp.Explanation;

/// <summary>Compares a report with what is said about its guest, field by field. It explains, and decides nothing.</summary>
public static class ClaimComparison
{
    private const ulong AbiBits = 0xFFFF;

    private static readonly ulong NamedBits = Enum.GetValues<GuestPolicyBits>().Aggregate(0UL, (all, bit) => all | (ulong)bit);

    /// <summary>Finds what differs.</summary>
    /// <param name="claims">What is said.</param>
    /// <param name="report">The report; nothing here verifies it.</param>
    /// <returns>The differences, in the order of the report's fields; empty when there is none.</returns>
    public static IReadOnlyList<ClaimDifference> Differences(LaunchClaims claims, AttestationReport report)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(report);
        return
        [
            .. Svn(claims, report), .. Policy(claims, report), .. Identifier("family_id", claims.FamilyId, report.FamilyId),
            .. Identifier("image_id", claims.ImageId, report.ImageId), .. Vmpl(claims, report),
            .. Key("id_key_digest", "ID key", claims.IdKeyDigest, report.IdKeyDigest),
            .. Key("author_key_digest", "author key", claims.AuthorKeyDigest, report.AuthorKeyDigest),
        ];
    }

    private static IEnumerable<ClaimDifference> Svn(LaunchClaims claims, AttestationReport report)
    {
        if (claims.GuestSvn is { } svn && svn != report.GuestSvn)
        {
            yield return new("guest_svn", Number(svn), Number(report.GuestSvn), SvnMeaning(claims, report, svn));
        }
    }

    // Security versions are claims of a signer: only those of one signer can be compared.
    private static string SvnMeaning(LaunchClaims claims, AttestationReport report, uint svn) =>
        report.IdKeyDigest.IsZero || claims.IdKeyDigest != report.IdKeyDigest ? "the version was not given by the signer of this file"
        : report.GuestSvn < svn ? "the guest is an older version than this file"
        : "the guest is a newer version than this file";

    private static IEnumerable<ClaimDifference> Policy(LaunchClaims claims, AttestationReport report)
    {
        if (claims.Policy is not { } policy || policy == report.Policy)
        {
            yield break;
        }

        foreach (GuestPolicyBits bit in Enum.GetValues<GuestPolicyBits>().Where(b => b != GuestPolicyBits.None && policy.Has(b) != report.Policy.Has(b)))
        {
            bool isSet = report.Policy.Has(bit);
            yield return new($"policy.{bit}", isSet ? "clear" : "set", isSet ? "set" : "clear", PolicyWords.Of(bit, isSet));
        }

        if ((policy.AbiMajor, policy.AbiMinor) != (report.Policy.AbiMajor, report.Policy.AbiMinor))
        {
            yield return new("policy.abi", $"{policy.AbiMajor}.{policy.AbiMinor}", $"{report.Policy.AbiMajor}.{report.Policy.AbiMinor}",
                "the guest asks for another least version of the firmware's interface");
        }

        if (((policy.Raw ^ report.Policy.Raw) & ~(AbiBits | NamedBits)) != 0)
        {
            yield return new("policy", policy.ToString(), report.Policy.ToString(), "bits without a name differ: no guest can be launched with the policy of this file");
        }
    }

    private static IEnumerable<ClaimDifference> Identifier(string field, HexBytes? expected, HexBytes actual)
    {
        if (expected is not null && !expected.Span.SequenceEqual(actual.Span))
        {
            yield return new(field, expected.ToString(), actual.ToString(), "the guest was launched with the ID block of another image, or without one");
        }
    }

    private static IEnumerable<ClaimDifference> Vmpl(LaunchClaims claims, AttestationReport report)
    {
        if (claims.Vmpls.Count > 0 && !claims.Vmpls.Contains(report.Vmpl))
        {
            yield return new("vmpl", string.Join(", ", claims.Vmpls.Select(Number)), report.Vmpl == uint.MaxValue ? "none" : Number(report.Vmpl), report.Vmpl == uint.MaxValue
                ? "the host asked for this report, and not the guest"
                : "software at another privilege level of the guest asked for this report");
        }
    }

    private static IEnumerable<ClaimDifference> Key(string field, string name, Digest384? expected, Digest384 actual)
    {
        if (expected is { } digest && digest != actual)
        {
            yield return new(field, digest.ToString(), actual.ToString(), actual.IsZero
                ? $"the guest was launched without an {name}"
                : digest.IsZero ? $"the guest was launched with an {name}, and the file has none" : $"another {name} stands behind the ID block of the guest");
        }
    }

    private static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
