using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Verifier.Architecture.Tests;

/// <summary>The version stands in one place, Directory.Build.props; what cannot read it there is held equal.</summary>
public sealed partial class VersionTests
{
    private static readonly string Version = XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("Version").Single().Value;

    [Fact]
    public void Chart_IsInStep() => Expect.None(OutOfStep(Repository.Read("charts/verifier/Chart.yaml"), Version));

    [Theory]
    [InlineData("version: 0.1.0\nappVersion: \"0.2.0\"\n")]
    [InlineData("version: 0.2.0\nappVersion: \"0.1.0\"\n")]
    [InlineData("version: 0.1.0\n")]
    public void ChartOutOfStep_IsSeen(string chart) => Assert.NotEmpty(OutOfStep(chart, "0.1.0"));

    [Fact]
    public void NoProject_HasAVersionOfItsOwn() => Expect.None(
        Repository.Projects.Where(p => OwnVersion().IsMatch(Repository.Read(p))));

    // An archive made by git has the commit here in place of the word; a checkout has the word.
    [Fact]
    public void Archives_NameTheirCommit()
    {
        Assert.Contains("build/commit.txt export-subst", Repository.Read(".gitattributes"), StringComparison.Ordinal);
        Assert.Matches(@"^(\$Format:%H\$|[0-9a-f]{40})\n$", Repository.Read("build/commit.txt"));
    }

    private static IEnumerable<string> OutOfStep(string chart, string version) =>
        new[] { "version", "appVersion" }.Where(name => !Regex.IsMatch(chart, $"^{name}: \"?{Regex.Escape(version)}\"?$", RegexOptions.Multiline));

    [GeneratedRegex("<(Version|VersionPrefix|VersionSuffix|AssemblyVersion|PackageVersion|InformationalVersion)>")]
    private static partial Regex OwnVersion();
}
