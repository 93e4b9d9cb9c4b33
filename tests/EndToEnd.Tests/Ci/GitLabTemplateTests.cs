using System.Text.Json;
using Verifier.Contracts.V1;
using Verifier.TestKit.Identity;

namespace Verifier.EndToEnd.Tests.Ci;

/// <summary>The template for GitLab, run with what GitLab gives a job, against the real service.</summary>
[Collection(CiJobs.Name)]
public sealed class GitLabTemplateTests(InstalledTool installed)
{
    private const string Commit = "6d3c1f0a7c0b4f9e8d2a5b6c7d8e9f0a1b2c3d4e";

    [Fact]
    public async Task JobOfTheRule_RegistersTheFile_AndKeepsWhatItGot()
    {
        InstalledTool.Demand();
        using JobShell shell = new();
        await using GuardedRegistry registry = await GuardedRegistry.StartAsync("GitLab");

        (JobResult result, string token) = await RunAsync(shell, registry, draft => draft);

        ReferenceValue value = await registry.AssertRegisteredAsync("svsm-2026-11", "project_id=4711", result);
        Assert.Equal("https://gitlab.example/group/firmware", value.Provenance.Repository);
        Assert.Equal(Commit, value.Provenance.Commit);
        Assert.Equal("https://gitlab.example/group/firmware/-/jobs/78", value.Provenance.BuildUrl);
        Assert.Equal(value.Name, JsonElement.Parse(result.Outputs["verifier.json"]).GetProperty("name").GetString());
        GuardedRegistry.AssertSecret(shell, result, token);
    }

    [Fact]
    public Task T68_WrongAudience_IsRefused() => AssertRefusedAsync(draft => draft, "TOKEN_REFUSED", "other.example");

    // A fork's pipeline may run in the project that it is for, and only this number tells it from the project's own.
    [Fact]
    public Task T68_JobOfAFork_IsRefused() => AssertRefusedAsync(draft => draft.With("job_project_id", "4712"), "ROLE_MISSING");

    [Fact]
    public Task T68_OtherProjectOfTheSameName_IsRefused() =>
        AssertRefusedAsync(draft => draft.With("project_id", "4712").With("job_project_id", "4712"), "ROLE_MISSING");

    [Fact]
    public Task T68_UnprotectedRef_IsRefused() => AssertRefusedAsync(draft => draft.With("ref_protected", "false"), "ROLE_MISSING");

    [Fact]
    public Task T68_MergeRequest_IsRefused() => AssertRefusedAsync(draft => draft.With("pipeline_source", "merge_request_event"), "ROLE_MISSING");

    [Fact]
    public Task JobWithoutAToken_FailsAndSaysWhatIsMissing() => AssertRefusedAsync(draft => null, "id_tokens: VERIFIER_ID_TOKEN");

    private async Task AssertRefusedAsync(Func<TokenDraft, TokenDraft?> spoil, string words, string audience = FakeIssuer.Audience)
    {
        InstalledTool.Demand();
        using JobShell shell = new();
        await using GuardedRegistry registry = await GuardedRegistry.StartAsync("GitLab");

        (JobResult result, string token) = await RunAsync(shell, registry, spoil, audience);
        await registry.AssertRefusedAsync(shell, result, token, words);
    }

    private async Task<(JobResult Result, string Token)> RunAsync(
        JobShell shell, GuardedRegistry registry, Func<TokenDraft, TokenDraft?> spoil, string audience = FakeIssuer.Audience)
    {
        GuardedRegistry.WriteFirmware(shell);
        Dictionary<string, string> variables = new()
        {
            ["VERIFIERCTL_IMAGE"] = "registry.example/verifierctl",
            ["VERIFIER_SERVER"] = registry.Service.Address,
            ["VERIFIER_AUDIENCE"] = audience,
            ["VERIFIER_FILE"] = "coconut.igvm",
            ["VERIFIER_IMAGE"] = "svsm",
            ["VERIFIER_VERSION"] = "2026.11",
            ["GITLAB_CI"] = "true",
            ["CI_PROJECT_URL"] = "https://gitlab.example/group/firmware",
            ["CI_COMMIT_SHA"] = Commit,
            ["CI_JOB_URL"] = "https://gitlab.example/group/firmware/-/jobs/78",
        };
        GitLabTemplate template = GitLabTemplate.Load();
        TokenDraft draft = registry.Issuer.GitLabToken().With("ref_type", "tag").With("ref", "v2026.11").With("aud", template.Audience(variables));
        string token = spoil(draft)?.ToString() ?? "";
        return (await template.RunAsync(shell, installed.Folder, token, variables), token);
    }
}
