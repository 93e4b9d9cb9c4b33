using Verifier.Service.Identity.Issuers;
using Verifier.Service.Identity.Rules;
using Verifier.TestKit.Identity;

namespace Verifier.Tests.Identity;

/// <summary>T68: rules for GitLab, the pipeline of a fork above all.</summary>
public sealed class GitLabConditionTests
{
    private static readonly Dictionary<string, Func<TokenDraft, TokenDraft>> Fits = new()
    {
        ["as it is"] = t => t,
        ["before there was job_project_id"] = t => t.Without("job_project_id").Without("job_namespace_id"),
        ["numbers as numbers"] = t => t.With("project_id", 4711).With("job_project_id", 4711),
        ["scheduled"] = t => t.With("pipeline_source", "schedule"),
    };

    private static readonly Dictionary<string, Func<TokenDraft, TokenDraft>> Misses = new()
    {
        ["fork that runs in the project"] = t => t.With("project_id", "9999"),
        ["job in a fork"] = t => t.With("job_project_id", "9999"),
        ["job of another namespace"] = t => t.With("job_namespace_id", "9999"),
        ["empty job project"] = t => t.With("job_project_id", null),
        ["other project with the same path"] = t => t.With("project_id", "4712").With("job_project_id", "4712"),
        ["other namespace"] = t => t.With("namespace_id", "816").With("job_namespace_id", "816"),
        ["no project"] = t => t.Without("project_id"),
        ["merge request"] = t => t.With("pipeline_source", "merge_request_event"),
        ["pull request from outside"] = t => t.With("pipeline_source", "external_pull_request_event"),
        ["no source"] = t => t.Without("pipeline_source"),
        ["unprotected ref"] = t => t.With("ref_protected", "false"),
        ["not said whether protected"] = t => t.Without("ref_protected"),
        ["tag of the same name"] = t => t.With("ref_type", "tag"),
        ["other branch"] = t => t.With("ref", "main2"),
        ["no kind of ref"] = t => t.Without("ref_type"),
        ["other environment"] = t => t.With("environment", "staging"),
        ["other configuration"] = t => t.With("ci_config_ref_uri", "gitlab.example/group/firmware//other.yml@refs/heads/main"),
    };

    public static TheoryData<string> Fitting => [.. Fits.Keys];

    public static TheoryData<string> Missing => [.. Misses.Keys];

    [Theory]
    [MemberData(nameof(Fitting))]
    public async Task TokenThatFits_Matches(string how) => Assert.True(await MatchesAsync(Fits[how]));

    [Theory]
    [MemberData(nameof(Missing))]
    public async Task T68_TokenThatNearlyFits_DoesNotMatch(string how) => Assert.False(await MatchesAsync(Misses[how]));

    [Theory]
    [InlineData("tag", "v1.0", true)]
    [InlineData("tag", "1.0", false)]
    [InlineData("branch", "v1.0", false)]
    public async Task Tags_AreNamedInFull(string type, string name, bool matches) => Assert.Equal(matches, await ConditionCase.MatchesAsync(
        IssuerKind.GitLab, i => i.GitLabToken().With("ref_type", type).With("ref", name), i => new GitLabCondition { Issuer = i.Name, ProjectId = "4711", NamespaceId = "815", Ref = "refs/tags/v*" }));

    private static Task<bool> MatchesAsync(Func<TokenDraft, TokenDraft> change) => ConditionCase.MatchesAsync(IssuerKind.GitLab, i => change(i.GitLabToken()), i => new GitLabCondition
    {
        Issuer = i.Name,
        ProjectId = "4711",
        NamespaceId = "815",
        Ref = "refs/heads/main",
        Environment = "release",
        CiConfigRefUri = "gitlab.example/group/firmware//.gitlab-ci.yml@refs/heads/main",
    });
}
