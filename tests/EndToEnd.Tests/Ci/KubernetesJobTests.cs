using Verifier.Contracts.V1;
using Verifier.TestKit;
using Verifier.TestKit.Identity;
using YamlDotNet.RepresentationModel;

namespace Verifier.EndToEnd.Tests.Ci;

/// <summary>The Job for Kubernetes: its container's command, environment and mounts, with a pod's token, against the real service.</summary>
[Collection(CiJobs.Name)]
public sealed class KubernetesJobTests(InstalledTool installed)
{
    [Fact]
    public async Task PodOfTheRule_RegistersTheFile_AndSaysSoWhenItEnds()
    {
        InstalledTool.Demand();
        using JobShell shell = new();
        await using GuardedRegistry registry = await GuardedRegistry.StartAsync("Kubernetes");

        (JobResult result, string token) = await RunAsync(shell, registry, draft => draft);

        ReferenceValue value = await registry.AssertRegisteredAsync("coconut-svsm-2026-11", "system:serviceaccount:ci:registrar", result);
        Assert.Equal("https://git.example/group/firmware", value.Provenance.Repository);
        Assert.Equal("6d3c1f0a7c0b4f9e8d2a5b6c7d8e9f0a1b2c3d4e", value.Provenance.Commit);
        Assert.Equal("https://ci.example/builds/77", value.Provenance.BuildUrl);
        GuardedRegistry.AssertSecret(shell, result, token);
    }

    [Fact]
    public Task T68_WrongAudience_IsRefused() => AssertRefusedAsync(draft => draft, "TOKEN_REFUSED", ownAudience: false);

    // An account that was deleted and made again under its name is another one.
    [Fact]
    public Task T68_OtherAccountOfTheSameName_IsRefused() =>
        AssertRefusedAsync(draft => draft.With("kubernetes.io", Claims("registrar", "00000000-5b8a-4a3c-8a55-0c2f4f8f9d10")), "ROLE_MISSING");

    [Fact]
    public Task T68_OtherAccount_IsRefused() => AssertRefusedAsync(
        draft => draft.With("sub", "system:serviceaccount:ci:default").With("kubernetes.io", Claims("default", "5f0c6b1e-5b8a-4a3c-8a55-0c2f4f8f9d10")), "ROLE_MISSING");

    [Fact]
    public Task PodWithoutTheToken_FailsAndSaysWhatIsMissing() => AssertRefusedAsync(draft => null, "cannot read the token");

    private static System.Text.Json.Nodes.JsonObject Claims(string account, string uid) => new()
    {
        ["namespace"] = "ci",
        ["serviceaccount"] = new System.Text.Json.Nodes.JsonObject { ["name"] = account, ["uid"] = uid },
    };

    private async Task AssertRefusedAsync(Func<TokenDraft, TokenDraft?> spoil, string words, bool ownAudience = true)
    {
        InstalledTool.Demand();
        using JobShell shell = new();
        await using GuardedRegistry registry = await GuardedRegistry.StartAsync("Kubernetes");

        (JobResult result, string token) = await RunAsync(shell, registry, spoil, ownAudience);
        await registry.AssertRefusedAsync(shell, result, token, words);
    }

    // The container's paths are folders of the test: its image, its mounts and where its last words go.
    private async Task<(JobResult Result, string Token)> RunAsync(
        JobShell shell, GuardedRegistry registry, Func<TokenDraft, TokenDraft?> spoil, bool ownAudience = true)
    {
        string text = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "ci", "kubernetes-job.yaml"), TestContext.Current.CancellationToken);
        YamlStream stream = [];
        stream.Load(new StringReader(ownAudience ? text.Replace("audience: verifier.example", $"audience: {FakeIssuer.Audience}", StringComparison.Ordinal) : text));
        YamlNode pod = stream.Documents.Select(d => d.RootNode).Single(n => n["kind"].ToString() == "Job")["spec"]["template"]["spec"];
        YamlNode container = Assert.Single((YamlSequenceNode)pod["containers"]);
        YamlNode projected = ((YamlSequenceNode)pod["volumes"]).Single(v => v["name"].ToString() == "token")["projected"]["sources"][0]["serviceAccountToken"];

        string Mount(string volume) => ((YamlSequenceNode)container["volumeMounts"]).Single(m => m["name"].ToString() == volume)["mountPath"].ToString();
        string tokens = Directory.CreateDirectory(shell.FileOf("token")).FullName;
        (string There, string Here)[] places = [(Mount("token"), tokens), (Mount("firmware"), shell.Workspace), ("/dev/termination-log", shell.FileOf("summary")), ("/app", installed.Folder)];
        string Here(string word) => places.Where(p => word == p.There || word.StartsWith($"{p.There}/", StringComparison.Ordinal)).Select(p => p.Here + word[p.There.Length..]).FirstOrDefault(word);

        string token = spoil(registry.Issuer.KubernetesToken().With("aud", new System.Text.Json.Nodes.JsonArray(projected["audience"].ToString())))?.ToString() ?? "";
        if (token.Length > 0)
        {
            await File.WriteAllTextAsync(Path.Combine(tokens, projected["path"].ToString()), token, TestContext.Current.CancellationToken);
        }

        GuardedRegistry.WriteFirmware(shell);
        Dictionary<string, string> environment = ((YamlSequenceNode)container["env"]).ToDictionary(e => e["name"].ToString(), e => Here(e["value"].ToString()));
        environment["VERIFIER_SERVER"] = registry.Service.Address;

        // Without TLS there is no authority to name.
        environment["VERIFIER_CA"] = "";
        (int exitCode, string log) = await shell.RunAsync(environment, ((YamlSequenceNode)container["command"]).Select(w => Here(w.ToString())));
        return (new JobResult(exitCode, log, shell.Text("summary")), token);
    }
}
