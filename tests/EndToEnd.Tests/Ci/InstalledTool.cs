namespace Verifier.EndToEnd.Tests.Ci;

/// <summary>verifierctl as the action builds it, which is also what its image holds in /app. Built once for all tests of jobs.</summary>
public sealed class InstalledTool : IAsyncLifetime
{
    private readonly JobShell _shell = new();

    public string Folder => Path.GetDirectoryName(Tool)!;

    public string Tool { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (JobsAreRun)
        {
            await File.WriteAllTextAsync(_shell.FileOf("output"), "", TestContext.Current.CancellationToken);
            ActionFile.Step step = ActionFile.Load().Runs.Steps.Single(s => s.Id == "install");
            Dictionary<string, string> environment = new()
            {
                ["GITHUB_ACTION_PATH"] = TestKit.RepositoryRoot.Path,
                ["GITHUB_OUTPUT"] = _shell.FileOf("output"),
                ["RUNNER_TEMP"] = _shell.Temporary,
            };
            (int exitCode, string log) = await _shell.RunAsync(environment, "bash", "-eo", "pipefail", "-c", step.Run!);
            Assert.True(exitCode == 0, log);
            Tool = _shell.Text("output").Trim().Split('=', 2)[1];
        }
    }

    /// <summary>Jobs need bash, and those of GitHub curl. The build machine has both; there a test that quietly checks nothing would be a lie.</summary>
    public static void Demand()
    {
        const string Reason = "SKIPPED, NOT PASSED: the steps of CI need bash and curl.";
        Assert.False(!JobsAreRun && Environment.GetEnvironmentVariable("CI") == "true", Reason);
        Assert.SkipUnless(JobsAreRun, Reason);
    }

    public ValueTask DisposeAsync()
    {
        _shell.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool JobsAreRun => new[] { "bash", "curl" }.All(p =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, p))));
}

/// <summary>Tests that run jobs: one after the other, with one build.</summary>
[CollectionDefinition(Name)]
public sealed class CiJobs : ICollectionFixture<InstalledTool>
{
    public const string Name = "jobs of CI";
}
