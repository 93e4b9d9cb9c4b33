using System.Text.Json;
using System.Text.RegularExpressions;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Documents;

/// <summary>docs/identity.md: its rules are taken as they stand there, by the command line tool and the real service.</summary>
public sealed partial class IdentityDocumentTests
{
    [Fact]
    public async Task RulesOfTheDocument_AreTaken()
    {
        await using RunningService service = await RunningService.StartAsync(
        [
            .. Issuer(0, "https://token.actions.githubusercontent.com", "GitHub"),
            .. Issuer(1, "https://gitlab.com", "GitLab"),
            .. Issuer(2, "https://kubernetes.default.svc.cluster.local", "Kubernetes"),
            .. Issuer(3, "https://login.example", "Other"),
        ]);
        string[] rules = [.. Yaml().Matches(await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "identity.md"), TestContext.Current.CancellationToken)).Select(m => m.Groups[1].Value)];
        string file = Path.GetTempFileName();
        foreach (string rule in rules)
        {
            await File.WriteAllTextAsync(file, rule, TestContext.Current.CancellationToken);
            await RunAsync(service, "identity", "rules", "apply", file);
        }

        // Without what is decisive it is refused, and says so.
        await File.WriteAllTextAsync(file, "id: loose\nroles: [registrar]\ngithub:\n  repository_owner_id: 815\n", TestContext.Current.CancellationToken);
        (int code, _, string error) = await CommandLineTool.RunAsync(["identity", "rules", "apply", file, "--server", service.Address, "--token-file", service.TokenFile]);
        Assert.Equal(1, code);
        Assert.Contains("repository_id", error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, """{"repository_id":"4711","repository_owner_id":"815","event_name":"push","environment":"release","job_workflow_ref":"octo/firmware/.github/workflows/release.yml@refs/tags/v1"}""", TestContext.Current.CancellationToken);
        string matching = await RunAsync(service, "identity", "rules", "test", file, "--issuer", "https://token.actions.githubusercontent.com", "--format", "json");
        string all = await RunAsync(service, "identity", "rules", "list", "--format", "json");
        await RunAsync(service, "identity", "rules", "delete", "operators");
        string left = await RunAsync(service, "identity", "rules", "list", "--format", "json");
        File.Delete(file);

        Assert.Equal(["firmware-release"], Ids(matching));
        Assert.Equal(["admission", "firmware-release", "key-broker", "operators", "svsm-main"], Ids(all));
        Assert.Equal(["admission", "firmware-release", "key-broker", "svsm-main"], Ids(left));
    }

    [Fact]
    public async Task Tenants_AreMadeAndSet()
    {
        await using RunningService service = await RunningService.StartAsync();

        await RunAsync(service, "tenants", "create", "payments");
        await RunAsync(service, "tenants", "set", "--tenant", "payments", "--require-approval", "on");
        string shown = await RunAsync(service, "tenants", "list", "--format", "json");

        JsonElement[] tenants = [.. JsonDocument.Parse(shown).RootElement.EnumerateArray()];
        Assert.Equal(["default", "payments"], Ids(shown));
        Assert.Equal([false, true], tenants.Select(t => t.GetProperty("require_approval").GetBoolean()));
    }

    private static string[] Issuer(int index, string name, string kind) =>
        [$"--Identity:Issuers:{index}:Issuer={name}", $"--Identity:Issuers:{index}:Audience=verifier.test", $"--Identity:Issuers:{index}:Kind={kind}"];

    private static IEnumerable<string?> Ids(string json) => JsonDocument.Parse(json).RootElement.EnumerateArray().Select(e => e.GetProperty("id").GetString());

    private static async Task<string> RunAsync(RunningService service, params string[] arguments)
    {
        (int code, string output, string error) = await CommandLineTool.RunAsync([.. arguments, "--server", service.Address, "--token-file", service.TokenFile]);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code} {error}");
        return output;
    }

    [GeneratedRegex("^```yaml\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Yaml();
}
