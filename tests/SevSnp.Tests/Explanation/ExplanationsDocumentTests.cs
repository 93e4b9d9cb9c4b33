using System.Text.RegularExpressions;
using SevSnp.Checks;
using Verifier.TestKit;

namespace SevSnp.Tests.Explanation;

/// <summary>docs/explanations.md lists the causes that the code gives, and no other.</summary>
public sealed partial class ExplanationsDocumentTests
{
    private static readonly string[] Rows = [.. File.ReadLines(RepositoryRoot.Combine("docs", "explanations.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal))];

    [Fact]
    public void EveryCause_IsInTheDocument_AndNoOther()
    {
        string[] given = [.. Directory.EnumerateFiles(RepositoryRoot.Combine("src", "SevSnp", "Explanation"), "*.cs").SelectMany(f => Literal().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).Distinct()];
        string[] documented = [.. Rows.Select(r => Literal().Match(r.Replace('`', '"')).Groups[1].Value)];

        Assert.True(given.Length > 20);
        Assert.Equal(given.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryCheckThatACauseNames_Exists()
    {
        string[] checks = [.. CheckTable.All.Select(r => r.Id.WireName())];
        string[] named = [.. Rows.Select(r => r.Split('|')[2].Trim()).Where(c => Name().IsMatch(c))];

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(checks));
    }

    [GeneratedRegex("\"([A-Z][A-Z0-9_]{5,})\"")]
    private static partial Regex Literal();

    [GeneratedRegex("^[A-Z][A-Z0-9_]+$")]
    private static partial Regex Name();
}
