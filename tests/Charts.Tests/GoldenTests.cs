using System.Text.RegularExpressions;

namespace Verifier.Charts.Tests;

/// <summary>
/// What is rendered for each set of values stands in tests/charts/golden, so that a review sees what a change of the chart does. To write
/// it again: VERIFIER_UPDATE_DOCS=1 dotnet test --project tests/Charts.Tests.
/// </summary>
public sealed partial class GoldenTests
{
    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void GoodValues_RenderTheGoldenFile(string name)
    {
        string rendered = Lasting(Manifests.Text(name));
        string file = ValueSets.GoldenFile(name);
        if (Environment.GetEnvironmentVariable("VERIFIER_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(file, rendered);
        }

        Assert.True(File.Exists(file), $"there is no {file}");
        Assert.Equal(File.ReadAllText(file), rendered);
    }

    [Fact]
    public void EveryGoldenFile_HasItsValues() => Assert.Equal(
        ValueSets.Good.Select(r => r.Data).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Path.Combine(Helm.Values, "golden")).Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal));

    [Fact]
    public void AtLeastTwelveSets_AreTried_AndFifteenRefused()
    {
        Assert.True(ValueSets.Good.Count >= 12);
        Assert.True(ValueSets.Refused.Count >= 15);
    }

    // The version changes with each release, the token with each install; the files of the sample are compared elsewhere.
    private static string Lasting(string rendered) => OwnFile().Replace(
        LongBase64().Replace(Checksum().Replace(Token().Replace(Version().Replace(rendered, "$1VERSION"), "$1TOKEN"), "$1CHECKSUM"), "$1BYTES"), "$1FILE\n");

    [GeneratedRegex("""(?m)(helm\.sh/chart: verifier-|app\.kubernetes\.io/version: |image: "localhost/verifier(?:ctl)?:)"?[0-9]+\.[0-9]+\.[0-9]+[-+.A-Za-z0-9]*"?""")]
    private static partial Regex Version();

    [GeneratedRegex("""(?m)^(data:\n(?:  #.*\n)?  "token": )"[A-Za-z0-9+/=]+"$""")]
    private static partial Regex Token();

    [GeneratedRegex("(?m)^( +checksum/config: )[0-9a-f]{64}$")]
    private static partial Regex Checksum();

    [GeneratedRegex(@"(?m)^(kind: PrometheusRule\n(?:.+\n)+?spec:\n|data:\n  verifier\.json: \|\n)(?:(?!---).*\n)+")]
    private static partial Regex OwnFile();

    [GeneratedRegex(@"(?m)^(  [-.a-z]+: )[A-Za-z0-9+/=]{300,}$")]
    private static partial Regex LongBase64();
}
