using System.Text.Json.Nodes;
using Verifier.Service.Identity.Issuers;
using Verifier.Service.Identity.Rules;
using Verifier.TestKit.Identity;

namespace Verifier.Tests.Identity;

/// <summary>T68: each part of a rule for GitHub, with tokens that fit and tokens that nearly do.</summary>
public sealed class GitHubConditionTests
{
    private const string Workflow = "octo/firmware/.github/workflows/release.yml@refs/tags/v*";

    private static readonly Dictionary<string, Func<TokenDraft, TokenDraft>> Fits = new()
    {
        ["as it is"] = t => t,
        ["renamed repository"] = t => t.With("repository", "octo/renamed"),
        ["another tag"] = t => t.With("ref", "refs/tags/v2").With("job_workflow_ref", "octo/firmware/.github/workflows/release.yml@refs/tags/v2"),
        ["started by hand"] = t => t.With("event_name", "workflow_dispatch"),
        ["numbers as numbers"] = t => t.With("repository_id", 4711).With("repository_owner_id", 815),
    };

    private static readonly Dictionary<string, Func<TokenDraft, TokenDraft>> Misses = new()
    {
        ["other repository with the same name"] = t => t.With("repository_id", "4712"),
        ["no repository number"] = t => t.Without("repository_id"),
        ["number with a zero before"] = t => t.With("repository_id", "04711"),
        ["number with a point"] = t => t.With("repository_id", JsonNode.Parse("4711.0")),
        ["number with an exponent"] = t => t.With("repository_id", JsonNode.Parse("4711e0")),
        ["list of numbers"] = t => t.With("repository_id", new JsonArray("4711")),
        ["other owner"] = t => t.With("repository_owner_id", "816"),
        ["no owner"] = t => t.Without("repository_owner_id"),
        ["other workflow file"] = t => t.With("job_workflow_ref", "octo/firmware/.github/workflows/test.yml@refs/tags/v1.2.3"),
        ["workflow of another repository"] = t => t.With("job_workflow_ref", "evil/firmware/.github/workflows/release.yml@refs/tags/v1.2.3"),
        ["workflow at a branch"] = t => t.With("job_workflow_ref", "octo/firmware/.github/workflows/release.yml@refs/heads/v1"),
        ["file named like file and ref"] = t => t.With("job_workflow_ref", "octo/firmware/.github/workflows/release.yml@refs/tags/v1.yml@refs/heads/evil"),
        ["ref that ends where the wildcard begins"] = t => t.With("job_workflow_ref", "octo/firmware/.github/workflows/release.yml@refs/tags/"),
        ["no workflow"] = t => t.Without("job_workflow_ref"),
        ["old ref"] = t => t.With("ref", "refs/tags/0.9"),
        ["branch instead of a tag"] = t => t.With("ref", "refs/heads/v1.2.3"),
        ["other environment"] = t => t.With("environment", "Release"),
        ["no environment"] = t => t.Without("environment"),
        ["pull request"] = t => t.With("event_name", "pull_request"),
        ["pull request from a fork"] = t => t.With("event_name", "pull_request_target"),
        ["no event"] = t => t.Without("event_name"),
    };

    public static TheoryData<string> Fitting => [.. Fits.Keys];

    public static TheoryData<string> Missing => [.. Misses.Keys];

    [Theory]
    [MemberData(nameof(Fitting))]
    public async Task TokenThatFits_Matches(string how) => Assert.True(await MatchesAsync(t => Fits[how](t)));

    [Theory]
    [MemberData(nameof(Missing))]
    public async Task T68_TokenThatNearlyFits_DoesNotMatch(string how) => Assert.False(await MatchesAsync(t => Misses[how](t)));

    [Theory]
    [InlineData("pull_request_target", true)]
    [InlineData("push", false)]
    [InlineData("pull_request", false)]
    public async Task NamedEvents_AreTheOnlyOnes(string started, bool matches) => Assert.Equal(
        matches, await MatchesAsync(t => t.With("event_name", started), c => c with { EventNames = ["pull_request_target"] }));

    [Theory]
    [InlineData("octo/firmware/.github/workflows/release.yml@refs/tags/v1.2.3", true)]
    [InlineData("octo/firmware/.github/workflows/release.yml@refs/tags/v1.2.4", false)]
    [InlineData("octo/firmware/.github/workflows/other.yml@refs/tags/v*", false)]
    public async Task WorkflowThatWasStarted_IsHeldAgainstItsOwnClaim(string workflow, bool matches) =>
        Assert.Equal(matches, await MatchesAsync(t => t.With("job_workflow_ref", "shared/x/.github/workflows/y.yml@refs/heads/main"), c => c with { JobWorkflowRef = "", WorkflowRef = workflow }));

    [Fact]
    public async Task IssuerOfAnotherKind_DoesNotMatch()
    {
        Assert.False(await ConditionCase.MatchesAsync(IssuerKind.Other, i => i.GitHubToken(), Condition));
        Assert.False(await ConditionCase.MatchesAsync(IssuerKind.GitLab, i => i.GitHubToken(), Condition));
    }

    [Fact]
    public async Task RuleForAnotherIssuer_DoesNotMatch() =>
        Assert.False(await ConditionCase.MatchesAsync(IssuerKind.GitHub, i => i.GitHubToken(), i => Condition(i) with { Issuer = GitHubCondition.DefaultIssuer }));

    private static Task<bool> MatchesAsync(Func<TokenDraft, TokenDraft> change, Func<GitHubCondition, GitHubCondition>? rule = null) =>
        ConditionCase.MatchesAsync(IssuerKind.GitHub, i => change(i.GitHubToken()), i => rule?.Invoke(Condition(i)) ?? Condition(i));

    private static GitHubCondition Condition(FakeIssuer issuer) => new()
    {
        Issuer = issuer.Name,
        RepositoryId = "4711",
        RepositoryOwnerId = "815",
        JobWorkflowRef = Workflow,
        Ref = "refs/tags/v*",
        Environment = "release",
    };
}
