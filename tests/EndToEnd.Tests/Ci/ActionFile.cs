using System.Text.RegularExpressions;
using Verifier.TestKit;
using YamlDotNet.Serialization;

namespace Verifier.EndToEnd.Tests.Ci;

/// <summary>action.yml as it stands in the repository, and its steps run the way GitHub's runner runs them.</summary>
internal sealed partial class ActionFile
{
    private const string MaskCommand = "::add-mask::";

    private static readonly ActionFile Read = new DeserializerBuilder().WithDuplicateKeyChecking().Build()
        .Deserialize<ActionFile>(File.ReadAllText(RepositoryRoot.Combine("action.yml")));

    [YamlMember(Alias = "name")]
    public string Name { get; set; } = "";

    [YamlMember(Alias = "description")]
    public string Description { get; set; } = "";

    [YamlMember(Alias = "author")]
    public string Author { get; set; } = "";

    [YamlMember(Alias = "branding")]
    public Dictionary<string, string> Branding { get; set; } = [];

    [YamlMember(Alias = "inputs")]
    public Dictionary<string, Input> Inputs { get; set; } = [];

    [YamlMember(Alias = "outputs")]
    public Dictionary<string, Output> Outputs { get; set; } = [];

    [YamlMember(Alias = "runs")]
    public RunSection Runs { get; set; } = new();

    public static ActionFile Load() => Read;

    /// <summary>Runs all steps in order until one fails.</summary>
    public async Task<JobResult> RunAsync(JobShell shell, IReadOnlyDictionary<string, string> inputs, IReadOnlyDictionary<string, string> environment)
    {
        Assert.All(inputs.Keys, name => Assert.Contains(name, Inputs.Keys));
        Dictionary<string, string> known = new() { ["github.action_path"] = RepositoryRoot.Path };
        foreach ((string name, Input input) in Inputs)
        {
            Assert.True(!input.Required || inputs.ContainsKey(name), $"GitHub demands {name}");
            known[$"inputs.{name}"] = inputs.TryGetValue(name, out string? given) ? given : input.Default;
        }

        string log = "";
        List<string> masks = [];
        foreach (Step step in Runs.Steps.Where(s => s.Run is not null && Holds(s.If, known)))
        {
            string script = shell.FileOf("step.sh");
            string output = shell.FileOf($"output-{step.Id}");
            await File.WriteAllTextAsync(script, step.Run, TestContext.Current.CancellationToken);
            Dictionary<string, string> all = new(environment)
            {
                ["GITHUB_ACTIONS"] = "true",
                ["GITHUB_ACTION_PATH"] = RepositoryRoot.Path,
                ["GITHUB_OUTPUT"] = output,
                ["GITHUB_STEP_SUMMARY"] = shell.FileOf("summary"),
                ["RUNNER_TEMP"] = shell.Temporary,
            };
            foreach ((string name, string value) in step.Env)
            {
                all[name] = Evaluate(value, known);
            }

            Assert.Equal("bash", step.Shell);
            (int exitCode, string printed) = await shell.RunAsync(all, "bash", "--noprofile", "--norc", "-eo", "pipefail", script);
            string[] lines = printed.Split('\n');
            masks.AddRange(lines.Where(l => l.StartsWith(MaskCommand, StringComparison.Ordinal)).Select(l => l[MaskCommand.Length..]));
            log += string.Join('\n', lines.Where(l => !l.StartsWith(MaskCommand, StringComparison.Ordinal)));
            foreach (string[] pair in shell.Text($"output-{step.Id}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=', 2)))
            {
                known[$"steps.{step.Id}.outputs.{pair[0]}"] = pair[1];
            }

            if (exitCode != 0)
            {
                return new JobResult(exitCode, log, shell.Text("summary")) { Masks = masks };
            }
        }

        return new JobResult(0, log, shell.Text("summary"))
        {
            Masks = masks,
            Outputs = Outputs.ToDictionary(o => o.Key, o => Evaluate(o.Value.Value, known)),
        };
    }

    // The few kinds of expression that the file may use; any other would be run here as something else than on GitHub.
    private static string Evaluate(string text, Dictionary<string, string> known) =>
        Expression().Replace(text, m => known.TryGetValue(m.Groups[1].Value, out string? value) ? value : throw new InvalidOperationException($"{m.Value} is not known"));

    private static bool Holds(string? condition, Dictionary<string, string> known) => condition is null
        || (IsEmpty().Match(condition) is { Success: true } m ? known[m.Groups[1].Value].Length == 0 : throw new InvalidOperationException(condition));

    [GeneratedRegex(@"\$\{\{ ([^}]*?) \}\}")]
    private static partial Regex Expression();

    [GeneratedRegex(@"^(inputs\.[a-z-]+) == ''$")]
    private static partial Regex IsEmpty();

    internal sealed class Input
    {
        [YamlMember(Alias = "description")]
        public string Description { get; set; } = "";

        [YamlMember(Alias = "required")]
        public bool Required { get; set; }

        [YamlMember(Alias = "default")]
        public string Default { get; set; } = "";
    }

    internal sealed class Output
    {
        [YamlMember(Alias = "description")]
        public string Description { get; set; } = "";

        [YamlMember(Alias = "value")]
        public string Value { get; set; } = "";
    }

    internal sealed class RunSection
    {
        [YamlMember(Alias = "using")]
        public string Using { get; set; } = "";

        [YamlMember(Alias = "steps")]
        public List<Step> Steps { get; set; } = [];
    }

    internal sealed class Step
    {
        [YamlMember(Alias = "name")]
        public string Name { get; set; } = "";

        [YamlMember(Alias = "id")]
        public string Id { get; set; } = "";

        [YamlMember(Alias = "if")]
        public string? If { get; set; }

        [YamlMember(Alias = "uses")]
        public string? Uses { get; set; }

        [YamlMember(Alias = "with")]
        public Dictionary<string, string> With { get; set; } = [];

        [YamlMember(Alias = "shell")]
        public string Shell { get; set; } = "";

        [YamlMember(Alias = "env")]
        public Dictionary<string, string> Env { get; set; } = [];

        [YamlMember(Alias = "run")]
        public string? Run { get; set; }
    }
}
