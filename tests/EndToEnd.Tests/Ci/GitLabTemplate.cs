using System.Text.RegularExpressions;
using Verifier.TestKit;
using YamlDotNet.Serialization;

namespace Verifier.EndToEnd.Tests.Ci;

/// <summary>docs/ci/gitlab.yml as it stands there, and its job run the way GitLab's runner runs it in the image of verifierctl.</summary>
internal sealed partial class GitLabTemplate
{
    private readonly Job _job;

    private GitLabTemplate(Job job) => _job = job;

    public static GitLabTemplate Load() => new(new DeserializerBuilder().WithDuplicateKeyChecking().Build()
        .Deserialize<Dictionary<string, Job>>(File.ReadAllText(RepositoryRoot.Combine("docs", "ci", "gitlab.yml")))[".register-igvm"]);

    /// <summary>The audience that GitLab mints the job's token for.</summary>
    public string Audience(IReadOnlyDictionary<string, string> variables) => Expand(Assert.Single(_job.IdTokens).Value.Audience, variables);

    public async Task<JobResult> RunAsync(JobShell shell, string application, string token, IReadOnlyDictionary<string, string> variables)
    {
        Dictionary<string, string> all = new(_job.Variables);
        foreach ((string name, string value) in variables)
        {
            all[name] = value;
        }

        all[Assert.Single(_job.IdTokens).Key] = token;
        string script = string.Join('\n', _job.Script.Select(line => line.Replace("/app/", $"{application}/", StringComparison.Ordinal)));
        (int exitCode, string log) = await shell.RunAsync(all, "bash", "-c", $"set -eo pipefail\n{script}");
        Dictionary<string, string> kept = _job.Artifacts.Paths.Select(p => Expand(p, all)).ToDictionary(p => p, p => shell.Text(Path.Combine("work", p)));
        return new JobResult(exitCode, log, kept[all["VERIFIER_SUMMARY_FILE"]]) { Outputs = kept };
    }

    private static string Expand(string text, IReadOnlyDictionary<string, string> variables) => Variable().Replace(text, m => variables[m.Groups[1].Value]);

    [GeneratedRegex(@"\$([A-Z_]+)")]
    private static partial Regex Variable();

    internal sealed class Job
    {
        [YamlMember(Alias = "image")]
        public Image Image { get; set; } = new();

        [YamlMember(Alias = "id_tokens")]
        public Dictionary<string, IdToken> IdTokens { get; set; } = [];

        [YamlMember(Alias = "variables")]
        public Dictionary<string, string> Variables { get; set; } = [];

        [YamlMember(Alias = "rules")]
        public List<Dictionary<string, string>> Rules { get; set; } = [];

        [YamlMember(Alias = "script")]
        public List<string> Script { get; set; } = [];

        [YamlMember(Alias = "artifacts")]
        public Artifacts Artifacts { get; set; } = new();
    }

    internal sealed class Image
    {
        [YamlMember(Alias = "name")]
        public string Name { get; set; } = "";

        [YamlMember(Alias = "entrypoint")]
        public List<string> EntryPoint { get; set; } = [];
    }

    internal sealed class IdToken
    {
        [YamlMember(Alias = "aud")]
        public string Audience { get; set; } = "";
    }

    internal sealed class Artifacts
    {
        [YamlMember(Alias = "when")]
        public string When { get; set; } = "";

        [YamlMember(Alias = "paths")]
        public List<string> Paths { get; set; } = [];
    }
}
