using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Verifier.Architecture.Tests;

/// <summary>A workflow of GitHub as YAML, and what is wrong with it.</summary>
internal static partial class Workflow
{
    /// <summary>What breaks the rules: rights, pins, limits, scripts, and what comes from outside.</summary>
    public static IEnumerable<string> Faults(string path, string text, Func<string, bool> exists)
    {
        YamlMappingNode root = Parse(text);
        if (Scalar(root, "name") is null)
        {
            yield return $"{path}: has no name";
        }

        if (Child(root, "on") is not { } events)
        {
            yield return $"{path}: says not when it runs";
        }
        else if (events.AllNodes.OfType<YamlScalarNode>().Any(n => n.Value == "pull_request_target"))
        {
            yield return $"{path}: pull_request_target gives rights to code of strangers";
        }

        if (Child(root, "permissions") is not YamlMappingNode rights || rights.Children.Any(r => $"{r.Key}: {r.Value}" != "contents: read"))
        {
            yield return $"{path}: must have permissions that are none, or contents: read; a job adds what it needs";
        }

        foreach ((string name, YamlMappingNode job) in Jobs(root))
        {
            foreach (string fault in JobFaults(job, exists))
            {
                yield return $"{path}: {name}: {fault}";
            }
        }
    }

    public static IEnumerable<(string Name, YamlMappingNode Job)> Jobs(YamlMappingNode root) =>
        ((YamlMappingNode)root.Children["jobs"]).Children.Select(j => (((YamlScalarNode)j.Key).Value!, (YamlMappingNode)j.Value));

    public static IEnumerable<YamlMappingNode> Steps(YamlMappingNode job) => ((YamlSequenceNode)job.Children["steps"]).Children.Cast<YamlMappingNode>();

    public static YamlMappingNode Parse(string text)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    public static YamlNode? Child(YamlMappingNode node, string name) => node.Children.TryGetValue(new YamlScalarNode(name), out YamlNode? value) ? value : null;

    public static string? Scalar(YamlMappingNode node, string name) => (Child(node, name) as YamlScalarNode)?.Value;

    private static IEnumerable<string> JobFaults(YamlMappingNode job, Func<string, bool> exists)
    {
        if (!int.TryParse(Scalar(job, "timeout-minutes"), out _))
        {
            yield return "has no timeout-minutes";
        }

        if (Child(job, "permissions") is YamlScalarNode all)
        {
            yield return $"permissions: {all.Value} is more than any job needs";
        }

        foreach (YamlMappingNode step in Steps(job))
        {
            string? run = Scalar(step, "run"), uses = Scalar(step, "uses");
            if (run is null == uses is null)
            {
                yield return "a step runs or uses exactly one thing";
            }
            else if (uses is not null && !Pinned().IsMatch(uses))
            {
                yield return $"{uses} is not pinned by a commit";
            }
            else if (uses?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true && (Child(step, "with") as YamlMappingNode is not { } with || Scalar(with, "persist-credentials") != "false"))
            {
                yield return "a checkout leaves credentials behind";
            }
            else if (run is not null && run != "true" && !(Script().Match(run) is { Success: true } script && exists(script.Groups[1].Value)))
            {
                yield return $"'{run}' is no call of a script of this repository";
            }
        }
    }

    [GeneratedRegex("^[a-z-]+/[a-z-]+(/[a-z-]+)?@[0-9a-f]{40}$")]
    private static partial Regex Pinned();

    // One script and plain words: no expression of GitHub, which would become part of a command.
    [GeneratedRegex(@"^(?:\./)?((?:\.ci/|build/)?[a-z-]+(?:\.sh)?)(?: [A-Za-z0-9./-]+)*$")]
    private static partial Regex Script();
}
