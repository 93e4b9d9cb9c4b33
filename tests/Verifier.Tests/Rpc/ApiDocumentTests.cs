using System.Text.RegularExpressions;
using Verifier.TestKit;

namespace Verifier.Tests.Rpc;

public sealed partial class ApiDocumentTests
{
    private static readonly string DocumentPath = RepositoryRoot.Combine("docs", "api.md");

    [Fact]
    public void Document_IsWhatTheContractSays()
    {
        string expected = new ApiDocument().Write();
        if (Environment.GetEnvironmentVariable("VERIFIER_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(DocumentPath, expected);
        }

        Assert.True(
            File.ReadAllText(DocumentPath) == expected,
            "docs/api.md differs from the contract. Write it again: VERIFIER_UPDATE_DOCS=1 dotnet test --project tests/Verifier.Tests");
    }

    [Fact]
    public void EveryElement_HasAComment()
    {
        ApiDocument document = new();
        document.Write();

        Assert.Empty(document.Silent);
    }

    [Fact]
    public void EveryLinkWithinIt_LeadsToOneHeading()
    {
        ApiDocument document = new();
        string text = document.Write();

        Assert.Equal(document.Anchors.Distinct().Order(StringComparer.Ordinal), document.Anchors.Order(StringComparer.Ordinal));
        Assert.Empty(InnerLink().Matches(text).Select(m => m.Groups[1].Value).Except(document.Anchors));
        Assert.Contains("`POST /v1/tenants/{tenant}:verify`, body: the request", text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\]\(#([^)]+)\)")]
    private static partial Regex InnerLink();
}
