using System.Text.Json;
using Verifier.Contracts.V1;
using Verifier.TestKit.Identity;

namespace Verifier.EndToEnd.Tests.Ci;

/// <summary>The action of the repository, run step by step with what GitHub gives a job, against the real service.</summary>
[Collection(CiJobs.Name)]
public sealed class GitHubActionTests(InstalledTool installed)
{
    private const string Id = "firmware-2026-11";
    private const string Principal = "repository_id=4711";
    private const string Commit = "6d3c1f0a7c0b4f9e8d2a5b6c7d8e9f0a1b2c3d4e";

    [Fact]
    public async Task JobOfTheRule_RegistersTheFile_AndTellsTheDigests()
    {
        await using Job job = await Job.StartAsync(installed, token => token);

        JobResult result = await job.RunAsync();

        ReferenceValue value = await job.Registry.AssertRegisteredAsync(Id, Principal, result);
        Assert.Equal("https://github.com/octo/firmware", value.Provenance.Repository);
        Assert.Equal(Commit, value.Provenance.Commit);
        Assert.Equal("https://github.com/octo/firmware/actions/runs/99", value.Provenance.BuildUrl);
        Assert.Equal((value.Name, "active"), (result.Outputs["name"], result.Outputs["state"]));
        Assert.Equal(value.Measurements.Select(m => Convert.ToHexStringLower(m.Digest.Span)), JsonSerializer.Deserialize<string[]>(result.Outputs["digests"]));
        job.AssertSecret(result);
        Assert.Equal(job.Endpoint.Issued, result.Masks);
    }

    [Fact]
    public async Task Profiles_AreThoseAskedFor()
    {
        await using Job job = await Job.StartAsync(installed, token => token);

        JobResult result = await job.RunAsync(("profiles", "qemu-kvm\nspec"));

        ReferenceValue value = await job.Registry.AssertRegisteredAsync(Id, Principal, result);
        Assert.Equal(["qemu-kvm", "spec"], value.Measurements.Select(m => m.Profile).Distinct().Order());
        Assert.Contains("| qemu-kvm |", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_TellsTheDigests_AndRegistersNothing()
    {
        await using Job job = await Job.StartAsync(installed, token => token);

        JobResult dry = await job.RunAsync(("dry-run", "true"));
        await job.Registry.AssertNothingRegisteredAsync();
        JobResult real = await job.RunAsync();

        dry.AssertSucceeded();
        Assert.Contains("would be registered", dry.Summary, StringComparison.Ordinal);
        Assert.Equal(real.Outputs["digests"], dry.Outputs["digests"]);
        await job.Registry.AssertRegisteredAsync(Id, Principal, real);
        (await job.RunAsync(("dry-run", "true"))).AssertFailed(4, "REFERENCE_VALUE_EXISTS");
    }

    [Fact]
    public async Task T68_WhereTwoMustAgree_TheJobAloneIsNotEnough()
    {
        await using Job job = await Job.StartAsync(installed, token => token);
        await job.Registry.AdministerAsync("tenants", "set", "--require-approval", "on");

        JobResult result = await job.RunAsync();

        result.AssertSucceeded();
        Assert.Equal("pending", result.Outputs["state"]);
        Assert.Contains($"Somebody else must activate it: verifierctl activate {Id}", result.Summary, StringComparison.Ordinal);
        await job.Registry.AdministerAsync("activate", Id);
        await job.Registry.AssertRegisteredAsync(Id, Principal, result);
    }

    [Fact]
    public Task T68_WrongAudience_IsRefused() => AssertRefusedAsync(token => token, "TOKEN_REFUSED", ("audience", "other.example"));

    // A name can be given up and taken by somebody else; a number cannot.
    [Fact]
    public Task T68_OtherRepositoryOfTheSameName_IsRefused() => AssertRefusedAsync(token => token.With("repository_id", "4712"), "ROLE_MISSING");

    [Fact]
    public Task T68_OtherOwnerOfTheSameName_IsRefused() => AssertRefusedAsync(token => token.With("repository_owner_id", "816"), "ROLE_MISSING");

    [Fact]
    public Task T68_PullRequest_IsRefused() => AssertRefusedAsync(token => token.With("event_name", "pull_request"), "ROLE_MISSING");

    [Fact]
    public Task T68_IdOutsideThePrefix_IsRefused() => AssertRefusedAsync(token => token, "ROLE_MISSING", ("id", "other-2026-11"));

    [Fact]
    public async Task JobWithoutThePermission_FailsAndSaysWhatIsMissing()
    {
        await using Job job = await Job.StartAsync(installed, token => token);

        (await job.RunWithAsync("ACTIONS_ID_TOKEN_REQUEST_URL", "")).AssertFailed(1, "id-token: write");
        (await job.RunWithAsync("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "another.request.token")).AssertFailed(1, "id-token: write");
        (await job.RunWithAsync("ACTIONS_ID_TOKEN_REQUEST_URL", "http://127.0.0.1:1/")).AssertFailed(5, "does not answer");
        (await job.RunWithAsync("ACTIONS_ID_TOKEN_REQUEST_URL", "http://token.example/")).AssertFailed(1, "must be https");

        await job.Registry.AssertNothingRegisteredAsync();
        Assert.Empty(job.Endpoint.Issued);
    }

    [Theory]
    [InlineData("version", "$(touch pwned)`touch pwned`;touch pwned\n::set-output name=name::pwned")]
    [InlineData("image", "\"; touch pwned; \"")]
    [InlineData("id", "$(touch pwned)")]
    [InlineData("id", "--help")]
    [InlineData("tenant", "x --unsafe-plaintext")]
    [InlineData("profiles", "--help\n@/etc/passwd\n*")]
    [InlineData("kind", "$(touch pwned)")]
    [InlineData("file", "--help")]
    [InlineData("dry-run", "yes")]
    public async Task HostileInput_IsAValueAndNeverRun(string input, string value)
    {
        await using Job job = await Job.StartAsync(installed, token => token);

        JobResult result = await job.RunAsync((input, value));

        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain(result.Log.Split('\n'), l => l.StartsWith("::", StringComparison.Ordinal));
        Assert.Equal(["coconut.igvm"], Directory.EnumerateFileSystemEntries(job.Shell.Workspace).Select(Path.GetFileName));
        await job.Registry.AssertNothingRegisteredAsync();
    }

    // Gets as far as the command line of verifierctl, and is a value there too.
    [Fact]
    public async Task HostileVersion_IsRefusedAsItStands()
    {
        await using Job job = await Job.StartAsync(installed, token => token);

        JobResult result = await job.RunAsync(("version", "$(touch pwned)`touch pwned`"), ("id", Id));

        result.AssertFailed(1, "verifierctl ended with code 1");
        Assert.Equal(["coconut.igvm"], Directory.EnumerateFileSystemEntries(job.Shell.Workspace).Select(Path.GetFileName));
        await job.Registry.AssertNothingRegisteredAsync();
    }

    [Fact]
    public async Task MissingTool_FailsTheInstallStep()
    {
        await using Job job = await Job.StartAsync(installed, token => token);
        (await job.RunAsync(("verifierctl", "/nowhere/verifierctl"))).AssertFailed(1, "there is no verifierctl at /nowhere/verifierctl");
    }

    private async Task AssertRefusedAsync(Func<TokenDraft, TokenDraft> spoil, string reason, params (string, string)[] inputs)
    {
        await using Job job = await Job.StartAsync(installed, spoil);

        JobResult result = await job.RunAsync(inputs);

        result.AssertFailed(1, reason, "is not registered");
        Assert.Contains("Not registered", result.Summary, StringComparison.Ordinal);
        await job.Registry.AssertNothingRegisteredAsync();
        job.AssertSecret(result);
    }

    private sealed class Job : IAsyncDisposable
    {
        private readonly string _tool;

        private Job(GuardedRegistry registry, TokenEndpoint endpoint, string tool) => (Registry, Endpoint, _tool) = (registry, endpoint, tool);

        public GuardedRegistry Registry { get; }

        public TokenEndpoint Endpoint { get; }

        public JobShell Shell { get; } = new();

        public static async Task<Job> StartAsync(InstalledTool installed, Func<TokenDraft, TokenDraft> spoil)
        {
            InstalledTool.Demand();
            GuardedRegistry registry = await GuardedRegistry.StartAsync("GitHub");
            TokenEndpoint endpoint = await TokenEndpoint.StartAsync(audience => spoil(registry.Issuer.GitHubToken().With("aud", audience)));
            return new Job(registry, endpoint, installed.Tool);
        }

        public Task<JobResult> RunAsync(params (string Name, string Value)[] inputs) => RunAsync(inputs, []);

        public Task<JobResult> RunWithAsync(string variable, string value) => RunAsync([], new() { [variable] = value });

        public void AssertSecret(JobResult result) => GuardedRegistry.AssertSecret(Shell, result, [TokenEndpoint.RequestToken, .. Endpoint.Issued]);

        public async ValueTask DisposeAsync()
        {
            await Endpoint.DisposeAsync();
            await Registry.DisposeAsync();
            Shell.Dispose();
        }

        private Task<JobResult> RunAsync((string Name, string Value)[] inputs, Dictionary<string, string> variables)
        {
            GuardedRegistry.WriteFirmware(Shell);
            Dictionary<string, string> given = new()
            {
                ["server"] = Registry.Service.Address,
                ["audience"] = FakeIssuer.Audience,
                ["file"] = "coconut.igvm",
                ["image"] = "firmware",
                ["version"] = "2026.11",
                ["verifierctl"] = _tool,
            };
            foreach ((string name, string value) in inputs)
            {
                given[name] = value;
            }

            Dictionary<string, string> environment = new()
            {
                ["GITHUB_SERVER_URL"] = "https://github.com",
                ["GITHUB_REPOSITORY"] = "octo/firmware",
                ["GITHUB_SHA"] = Commit,
                ["GITHUB_RUN_ID"] = "99",
                ["ACTIONS_ID_TOKEN_REQUEST_URL"] = Endpoint.Url,
                ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = TokenEndpoint.RequestToken,
            };
            foreach ((string name, string value) in variables)
            {
                environment[name] = value;
            }

            return ActionFile.Load().RunAsync(Shell, given, environment);
        }
    }
}
