using Verifier.Service.Identity;
using Verifier.Service.Identity.Issuers;
using Verifier.Service.Registry;

namespace Verifier.Tests.Identity;

/// <summary>T68: two identities are two only if neither can make itself the other.</summary>
public sealed class ActorsTests
{
    [Fact]
    public async Task RepositoryOnAnotherBranchOrUnderAnotherName_IsTheSameActor()
    {
        await using TokenBench bench = await TokenBench.StartAsync(IssuerKind.GitHub);
        Actor first = Actors.Of(await bench.CallerAsync(bench.Issuer.GitHubToken()));
        Actor other = Actors.Of(await bench.CallerAsync(bench.Issuer.GitHubToken().With("sub", "repo:octo/firmware:ref:refs/heads/evil").With("ref", "refs/heads/evil")));
        Actor renamed = Actors.Of(await bench.CallerAsync(bench.Issuer.GitHubToken().With("sub", "repo:octo/new:environment:e").With("repository", "octo/new")));

        Assert.Equal(first.Name, other.Name);
        Assert.Equal(first.Name, renamed.Name);
        Assert.NotEqual(first.Subject, other.Subject);
        Assert.NotEqual(first.Name, Actors.Of(await bench.CallerAsync(bench.Issuer.GitHubToken().With("repository_id", "4712"))).Name);
    }

    [Fact]
    public async Task ProjectOnAnotherBranch_IsTheSameActor()
    {
        await using TokenBench bench = await TokenBench.StartAsync(IssuerKind.GitLab);
        Actor first = Actors.Of(await bench.CallerAsync(bench.Issuer.GitLabToken()));

        Assert.Equal(first.Name, Actors.Of(await bench.CallerAsync(bench.Issuer.GitLabToken().With("sub", "project_path:group/firmware:ref_type:branch:ref:evil"))).Name);
        Assert.NotEqual(first.Name, Actors.Of(await bench.CallerAsync(bench.Issuer.GitLabToken().With("project_id", "4712").With("job_project_id", "4712"))).Name);
    }
}
