using System.Text.RegularExpressions;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Results;
using SevSnp.Tests.Judgement;
using Verifier.TestKit;

namespace SevSnp.Tests.Results;

/// <summary>The table of failed checks in docs/results.md against what is done.</summary>
public sealed partial class ResultsDocumentTests
{
    [Fact]
    public void EveryCheck_HasItsRow_WhichIsTrue()
    {
        Dictionary<string, string> rows = Rows();
        AttestationVerdict verdict = Guest.Vcek().DecideAsGenuine();

        Assert.Equal(CheckIds.All().Select(id => id.WireName()).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(CheckIds.All(), id => Assert.Equal(rows[id.WireName()], Words(CheckClaims.Of(id, verdict))));
    }

    private static string Words(IEnumerable<(TrustClaim Claim, sbyte Value)> lowered)
    {
        (TrustClaim Claim, sbyte Value)[] all = [.. lowered];
        return all.Length == TrustClaims.All.Count
            ? $"all eight {Assert.Single(all.Select(l => l.Value).Distinct())}"
            : string.Join(", ", all.Select(l => $"{l.Claim.WireName()} {l.Value}"));
    }

    private static Dictionary<string, string> Rows() => File.ReadLines(RepositoryRoot.Combine("docs", "results.md"))
        .SkipWhile(line => !line.StartsWith("| Failed check ", StringComparison.Ordinal))
        .TakeWhile(line => line.StartsWith('|'))
        .Skip(2)
        .Select(line => line.Trim('|').Split('|'))
        .SelectMany(cells => CheckName().Matches(cells[0]).Select(name => (name.Groups[1].Value, Claims: cells[1].Trim())))
        .ToDictionary(row => row.Value, row => row.Claims);

    [GeneratedRegex("`([A-Z0-9_]+)`")]
    private static partial Regex CheckName();
}
