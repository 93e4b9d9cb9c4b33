using Verifier.TestKit;

namespace SevSnp.Tests.Checks;

public sealed class ChecksDocumentTests
{
    private static readonly string DocumentPath = RepositoryRoot.Combine("docs", "checks.md");

    [Fact]
    public void Document_IsWhatTheCheckTableSays()
    {
        string expected = ChecksDocument.Write();
        if (Environment.GetEnvironmentVariable("VERIFIER_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(DocumentPath, expected);
        }

        Assert.True(
            File.ReadAllText(DocumentPath) == expected,
            "docs/checks.md differs from the check table. Write it again: VERIFIER_UPDATE_DOCS=1 dotnet test --project tests/SevSnp.Tests");
    }
}
