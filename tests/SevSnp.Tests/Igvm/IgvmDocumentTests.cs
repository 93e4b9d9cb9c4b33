using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using Verifier.TestKit;

namespace SevSnp.Tests.Igvm;

/// <summary>docs/igvm.md against the library.</summary>
public sealed class IgvmDocumentTests
{
    private static readonly string DocumentPath = RepositoryRoot.Combine("docs", "igvm.md");

    [Fact]
    public void FaultTable_IsThatOfTheLibrary()
    {
        string text = File.ReadAllText(DocumentPath);
        int begin = text.IndexOf(IgvmDocument.Begin, StringComparison.Ordinal) + IgvmDocument.Begin.Length;
        int end = text.IndexOf(IgvmDocument.End, StringComparison.Ordinal);
        string expected = text[..begin] + IgvmDocument.Faults() + text[end..];
        if (Environment.GetEnvironmentVariable("VERIFIER_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(DocumentPath, expected);
            text = expected;
        }

        Assert.True(text == expected, "docs/igvm.md differs from the table of faults. Write it again: VERIFIER_UPDATE_DOCS=1 dotnet test --project tests/SevSnp.Tests");
    }

    [Fact]
    public void EveryProfileAndMeasureFaultAndNote_IsExplained()
    {
        string text = File.ReadAllText(DocumentPath);
        Assert.All(LaunchProfiles.All, p => Assert.Contains($"| `{p.WireName()}` |", text, StringComparison.Ordinal));
        Assert.All(
            Enum.GetValues<IgvmMeasureFaultId>().Where(id => id != IgvmMeasureFaultId.None),
            id => Assert.Contains($"| `{new IgvmMeasureFault(id, "", "").WireName}` |", text, StringComparison.Ordinal));
        Assert.All(Enum.GetNames<IgvmLaunchNote>().Where(n => n != "None"), n => Assert.Contains($"| `{n}` |", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("max headers", "2097152")]
    [InlineData("max pages", "4194304")]
    public void StatedLimits_AreThoseOfTheLibrary(string name, string value)
    {
        IgvmLimits limits = IgvmLimits.Format;
        Assert.Equal(value, name == "max headers" ? $"{limits.MaxHeaders}" : $"{limits.MaxPages}");
        Assert.Contains(value, File.ReadAllText(DocumentPath), StringComparison.Ordinal);
    }
}
