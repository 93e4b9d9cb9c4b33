using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Ci;

/// <summary>What helm test runs in a pod, with the variables that the chart's pod gives it (a test of the chart compares them), on the real service.</summary>
[Collection(CiJobs.Name)]
public sealed class HelmTestScriptTests(InstalledTool installed)
{
    private static readonly string[] SampleRoot = [$"--Trust:UnsafeExtraRoots:0={RepositoryRoot.Combine("samples", "root.pem")}", "--Kds:Mode=Offline"];

    // An installation that trusts AMD alone believes nothing of the sample, and the test leaves nothing behind in it.
    [Fact]
    public async Task T15_TrustsAmdAlone_SampleIsRefused_AndNothingIsRegistered()
    {
        await using RunningService service = await RunningService.StartAsync();

        (int exitCode, string log) = await RunAsync(service, trusts: false);

        Assert.True(exitCode == 0, log);
        Assert.Contains("the sample, whose root is not AMD's: exit code 3", log, StringComparison.Ordinal);
        Assert.Contains("a report that is cut short: exit code 2", log, StringComparison.Ordinal);
        Assert.Empty((await service.Registry.ListReferenceValuesAsync(new(), RunningService.Registrar, cancellationToken: TestContext.Current.CancellationToken)).ReferenceValues);
    }

    [Fact]
    public async Task TrustsTheSample_ItIsAccepted_AndFourOthersAreNot_EachTime()
    {
        await using RunningService service = await RunningService.StartAsync(SampleRoot);

        (int first, string log) = await RunAsync(service, trusts: true);
        (int second, string again) = await RunAsync(service, trusts: true);

        Assert.True(first == 0, log);
        Assert.True(second == 0, again);
        Assert.Contains("registering the sample: exit code 0", log, StringComparison.Ordinal);
        Assert.Contains("the sample: exit code 0", again, StringComparison.Ordinal);
        Assert.Equal(3, log.Split('\n').Count(l => l.EndsWith("exit code 4, as it must be", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task WithoutAToken_OnlyStrangersAreTried()
    {
        await using RunningService service = await RunningService.StartAsync();

        (int exitCode, string log) = await RunAsync(service, trusts: false, token: "");

        Assert.True(exitCode == 0, log);
        Assert.Contains("registering without an identity: exit code 1", log, StringComparison.Ordinal);
    }

    // A service that trusts more than it should, or less than it was told to, fails its test.
    [Theory]
    [InlineData(true, false, "the sample, whose root is not AMD's: exit code 4")]
    [InlineData(false, true, "the sample: exit code 3")]
    public async Task WrongRoots_FailTheTest(bool isTrusted, bool isSaidToBe, string words)
    {
        await using RunningService service = await RunningService.StartAsync(isTrusted ? SampleRoot : null);

        (int exitCode, string log) = await RunAsync(service, isSaidToBe);

        Assert.Equal(1, exitCode);
        Assert.Contains($"FAILED: {words}", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongToken_FailsTheTest()
    {
        await using RunningService service = await RunningService.StartAsync();
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, new string('x', 48), TestContext.Current.CancellationToken);

        (int exitCode, string log) = await RunAsync(service, trusts: false, file);
        File.Delete(file);

        Assert.Equal(1, exitCode);
        Assert.Contains("FAILED: reading the registry", log, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Log)> RunAsync(RunningService service, bool trusts, string? token = null)
    {
        InstalledTool.Demand();
        using JobShell shell = new();
        Dictionary<string, string> environment = new()
        {
            ["VERIFIER_SERVER"] = service.Address,
            ["VERIFIER_CA"] = "",
            ["VERIFIER_TOKEN_FILE"] = token ?? service.TokenFile,
            ["VERIFIER_SAMPLE"] = RepositoryRoot.Combine("samples"),
            ["VERIFIER_TRUSTS_SAMPLE"] = trusts ? "true" : "false",
        };
        return await shell.RunAsync(environment, "bash", Path.Combine(installed.Folder, "helm-test.sh"));
    }
}
