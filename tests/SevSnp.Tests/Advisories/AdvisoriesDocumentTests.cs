using System.Text.Json;
using SevSnp.Advisories;
using Verifier.TestKit;

namespace SevSnp.Tests.Advisories;

public sealed class AdvisoriesDocumentTests
{
    private static readonly string DocumentPath = RepositoryRoot.Combine("docs", "advisories.md");

    [Fact]
    public void Document_IsWhatTheDataFileSays()
    {
        string expected = AdvisoriesDocument.Write(AdvisoryList.BuiltIn);
        if (Environment.GetEnvironmentVariable("VERIFIER_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(DocumentPath, expected);
        }

        Assert.True(
            File.ReadAllText(DocumentPath) == expected,
            "docs/advisories.md differs from the list of bulletins. Write it again: VERIFIER_UPDATE_DOCS=1 dotnet test --project tests/SevSnp.Tests");
    }

    // The schema is for editors, the reader decides: what the one lets through in the file, the other must know.
    [Fact]
    public void Schema_NamesEveryMemberThatTheFileUses()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.Combine("src", "SevSnp", "Advisories", "advisories.schema.json")));
        using JsonDocument data = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.Combine("src", "SevSnp", "Advisories", "advisories.json")));
        JsonElement definitions = schema.RootElement.GetProperty("$defs");
        JsonElement[] advisories = [.. data.RootElement.GetProperty("advisories").EnumerateArray()];
        JsonElement[] requirements = [.. advisories.SelectMany(a => a.GetProperty("requirements").EnumerateArray())];
        Assert.Subset(Names(schema.RootElement.GetProperty("properties")), Names(data.RootElement));
        Assert.Subset(Names(definitions.GetProperty("advisory").GetProperty("properties")), Names(advisories));
        Assert.Subset(Names(definitions.GetProperty("requirement").GetProperty("properties")), Names(requirements));
        HashSet<string> required = [.. definitions.GetProperty("advisory").GetProperty("required").EnumerateArray().Select(n => n.GetString()!)];
        Assert.All(advisories, a => Assert.Subset(Names(a), required));
    }

    private static HashSet<string> Names(params IEnumerable<JsonElement> objects) => [.. objects.SelectMany(o => o.EnumerateObject()).Select(p => p.Name)];
}
