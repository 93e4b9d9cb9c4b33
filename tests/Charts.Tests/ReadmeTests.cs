using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Verifier.Charts.Tests;

/// <summary>The chart's README lists every value with its default, in the order of values.yaml, and no other.</summary>
public sealed partial class ReadmeTests
{
    // Groups that are Kubernetes's own to explain.
    private static readonly string[] Whole = ["resources", "redis.trial.resources"];

    private static readonly string Readme = File.ReadAllText(Path.Combine(Helm.Chart, "README.md"));

    [Fact]
    public void Table_HoldsEveryValueWithItsDefault()
    {
        YamlStream stream = [];
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(Helm.Chart, "values.yaml"))));
        Assert.Equal(Leaves("", stream.Documents[0].RootNode), Row().Matches(Readme).Select(m => (m.Groups[1].Value, m.Groups[2].Value)));
    }

    [Fact]
    public void EveryRow_SaysWhatItsValueMeans() => Assert.All(Row().Matches(Readme), m => Assert.True(m.Groups[3].Value.Length > 5, m.Value));

    // A value that is shown in a command must be one of the table.
    [Fact]
    public void ValuesInCommands_AreThere()
    {
        string[] known = [.. Row().Matches(Readme).Select(m => m.Groups[1].Value)];
        string[] used = [.. Set().Matches(Readme).Select(m => m.Groups[1].Value)];

        Assert.NotEmpty(used);
        Assert.All(used, u => Assert.Contains(u, known));
    }

    private static IEnumerable<(string Path, string Default)> Leaves(string path, YamlNode node) =>
        node is YamlMappingNode { Children.Count: > 0 } map && !Whole.Contains(path)
            ? map.Children.SelectMany(c => Leaves(path.Length == 0 ? c.Key.ToString() : $"{path}.{c.Key}", c.Value))
            : [(path, Shown(node))];

    private static string Shown(YamlNode node) => node switch
    {
        YamlMappingNode map => $"{{{string.Join(", ", map.Children.Select(c => $"{c.Key}: {Shown(c.Value)}"))}}}",
        YamlSequenceNode list => $"[{string.Join(", ", list.Children.Select(Shown))}]",
        _ => node.ToString() is { Length: > 0 } text ? text : "\"\"",
    };

    [GeneratedRegex(@"(?m)^\| `([A-Za-z_.]+)` \| `([^`]+)` \| (.*) \|$")]
    private static partial Regex Row();

    [GeneratedRegex("--set '?([A-Za-z.]+)=")]
    private static partial Regex Set();
}
