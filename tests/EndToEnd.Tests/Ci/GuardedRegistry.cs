using System.Text.RegularExpressions;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Identity;
using Verifier.TestKit.Igvm;

namespace Verifier.EndToEnd.Tests.Ci;

/// <summary>The real service, trusting one issuer, with the one rule that docs/ci.md shows for it.</summary>
internal sealed partial class GuardedRegistry : IAsyncDisposable
{
    private GuardedRegistry(FakeIssuer issuer, RunningService service) => (Issuer, Service) = (issuer, service);

    public FakeIssuer Issuer { get; }

    public RunningService Service { get; }

    public static async Task<GuardedRegistry> StartAsync(string kind)
    {
        FakeIssuer issuer = await FakeIssuer.StartAsync(new SettableClock(VirtualAmd.Now));
        RunningService service = await RunningService.StartAsync(issuer.Settings(kind));
        GuardedRegistry registry = new(issuer, service);
        string document = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "ci.md"), TestContext.Current.CancellationToken);
        string rule = Assert.Single(Rules().Matches(document).Select(m => m.Groups[1].Value), r => r.Contains($"\n{kind.ToLowerInvariant()}:\n", StringComparison.Ordinal));
        string file = Path.Combine(Path.GetDirectoryName(service.TokenFile)!, "rule.yaml");
        await File.WriteAllTextAsync(file, IssuerLine().Replace(rule, $"issuer: {issuer.Name}"), TestContext.Current.CancellationToken);
        await registry.AdministerAsync("identity", "rules", "apply", file);
        return registry;
    }

    /// <summary>Runs verifierctl as the administrator.</summary>
    public async Task AdministerAsync(params string[] arguments)
    {
        (int exitCode, _, string error) = await CommandLineTool.RunAsync([.. arguments, "--server", Service.Address, "--token-file", Service.TokenFile]);
        Assert.True(exitCode == 0, error);
    }

    /// <summary>Puts the file that is registered into the job's workspace.</summary>
    public static string WriteFirmware(JobShell shell)
    {
        string path = Path.Combine(shell.Workspace, "coconut.igvm");
        File.WriteAllBytes(path, SampleIgvm.Build());
        return path;
    }

    /// <summary>The one value is there, by the job's identity, and the job told its digests.</summary>
    public async Task<ReferenceValue> AssertRegisteredAsync(string id, string principal, JobResult job)
    {
        job.AssertSucceeded();
        ReferenceValue value = Assert.Single(await ListAsync());
        Assert.Equal(Requests.Name(id), value.Name);
        Assert.Equal($"{Issuer.Name} {principal}", value.Registrar);
        Assert.Equal(ReferenceValue.Types.State.Active, value.State);
        Assert.NotEmpty(value.Measurements);
        Assert.All(value.Measurements, m => Assert.Contains($"`{Convert.ToHexStringLower(m.Digest.Span)}`", job.Summary, StringComparison.Ordinal));
        Assert.Contains(Convert.ToHexStringLower(value.Provenance.FileSha384.Span), job.Summary, StringComparison.Ordinal);
        Assert.Contains(value.Name, job.Summary, StringComparison.Ordinal);
        return value;
    }

    public async Task AssertNothingRegisteredAsync() => Assert.Empty(await ListAsync());

    /// <summary>The job failed and says these words; nothing is registered, and the token, where it had one, is told nowhere.</summary>
    public async Task AssertRefusedAsync(JobShell shell, JobResult job, string token, string words)
    {
        job.AssertFailed(1, words);
        await AssertNothingRegisteredAsync();
        if (token.Length > 0)
        {
            Assert.Contains("Not registered", job.Summary, StringComparison.Ordinal);
            AssertSecret(shell, job, token);
        }
    }

    /// <summary>Nothing of the token is left in what people read or in files.</summary>
    public static void AssertSecret(JobShell shell, JobResult job, params IEnumerable<string> secrets)
    {
        string[] all = [.. secrets];
        Assert.NotEmpty(all);
        Assert.All(all, secret => Assert.DoesNotContain(secret, job.Everything, StringComparison.Ordinal));
        Assert.All(all, secret => Assert.DoesNotContain(secret.Split('.')[^1], job.Everything, StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(shell.Temporary, "verifier.*"));
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    private async Task<IReadOnlyList<ReferenceValue>> ListAsync() => (await Service.Registry.ListReferenceValuesAsync(
        new ListReferenceValuesRequest(), RunningService.Registrar, cancellationToken: TestContext.Current.CancellationToken)).ReferenceValues;

    [GeneratedRegex("^```yaml\n(id: .*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Rules();

    [GeneratedRegex(@"issuer: \S+")]
    private static partial Regex IssuerLine();
}
