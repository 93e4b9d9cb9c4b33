using System.Globalization;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>ID blocks and their signers for people.</summary>
internal static class IdBlockText
{
    public static void Write(Page page, IdBlockFilesView view)
    {
        if (view.IdBlock is { } block)
        {
            page.Line("ID block", Page.Heading)
                .Field("measurement", block.Measurement)
                .Field("family id", block.FamilyId)
                .Field("image id", block.ImageId)
                .Field("guest svn", block.GuestSvn.ToString(CultureInfo.InvariantCulture))
                .Field("policy", ReportText.Policy(block.Policy));
        }

        if (view.IdAuth is { } auth)
        {
            page.Line("ID authentication", Page.Heading)
                .Field("id key digest", auth.IdKeyDigest)
                .Field("author key digest", auth.AuthorKeyDigest ?? "none");
        }

        foreach (string digest in view.KeyDigests ?? [])
        {
            page.Line("Public key", Page.Heading).Field("key digest", digest);
        }

        Judgement(page, view);
    }

    private static void Judgement(Page page, IdBlockFilesView view)
    {
        (string Text, Spectre.Console.Style Style)? signatures = view switch
        {
            { Signatures: "valid" } => ("SIGNATURES HOLD", Page.Good),
            { Signatures: "bad_id_block_signature" } => ("BAD SIGNATURE: the ID key did not sign this ID block", Page.Bad),
            { Signatures: not null } => ("BAD SIGNATURE: the author key did not sign this ID key", Page.Bad),
            { Refusal: { } why } => ($"REFUSED: {why}", Page.Bad),
            { IdBlock: null, IdAuth: null, KeyDigests: null } => ("The file has no ID block for SEV-SNP.", Page.Caution),
            { IdBlock: null, IdAuth: null } => null,
            _ => ("UNVERIFIED: signatures are verified when the ID block and its ID authentication are given together", Page.Caution),
        };
        (string Text, Spectre.Console.Style Style)? launch = view.Launch switch
        {
            null => null,
            "matches" when view.LaunchProfiles is { Count: > 0 } profiles => ($"MATCHES the file when it is launched as {string.Join(" or ", profiles)} does", Page.Good),
            "measurement_differs" when view.LaunchProfiles is { Count: 0 } => ("DOES NOT MATCH: the file has another measurement under each launch profile", Page.Bad),
            "matches" => ("MATCHES the launch", Page.Good),
            "policy_differs" => ("DOES NOT MATCH: the policy differs, so that the firmware refuses the launch", Page.Bad),
            _ => ("DOES NOT MATCH: the measurement differs, so that the firmware refuses the launch", Page.Bad),
        };
        foreach ((string text, Spectre.Console.Style style) in new[] { signatures, launch }.OfType<(string, Spectre.Console.Style)>())
        {
            page.Line(text, style);
        }
    }
}
