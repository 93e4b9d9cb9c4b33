using YamlDotNet.RepresentationModel;

namespace Verifier.Architecture.Tests;

/// <summary>Workflows run scripts that a person can run, too, with few rights and with actions that nobody can exchange.</summary>
public sealed class WorkflowTests
{
    private const string Good = """
        name: Good
        on: { pull_request: }
        permissions: { contents: read }
        jobs:
          test:
            runs-on: ubuntu-latest
            timeout-minutes: 5
            steps:
              - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
                with: { persist-credentials: false }
              - run: ./test.sh
        """;

    private static readonly string[] Files = [.. Directory.GetFiles(Path.Combine(Repository.Root, ".github", "workflows")).Select(f => Path.GetRelativePath(Repository.Root, f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Workflows_AreTheKnownOnes() => Assert.Equal(
        ["ci", "codeql", "dependency-review", "labels", "release", "review", "state-labels"], Files.Select(f => Path.GetFileNameWithoutExtension(f)!));

    [Fact]
    public void T110_Workflows_HaveFewRights_PinWhatTheyUse_AndCallScriptsThatAreThere() => Expect.None(Files.SelectMany(f => Workflow.Faults(f, Repository.Read(f), Repository.Exists)));

    [Theory]
    [InlineData("name: Good", "", "has no name")]
    [InlineData("pull_request:", "pull_request_target:", "gives rights to code of strangers")]
    [InlineData("permissions: { contents: read }", "", "must have permissions")]
    [InlineData("permissions: { contents: read }", "permissions: { contents: write }", "must have permissions")]
    [InlineData("permissions: { contents: read }", "permissions: write-all", "must have permissions")]
    [InlineData("timeout-minutes: 5", "permissions: write-all", "is more than any job needs")]
    [InlineData("timeout-minutes: 5", "if: true", "has no timeout-minutes")]
    [InlineData("@08c6903cd8c0fde910a37f88322edcfb5dd907a8", "@v5", "is not pinned by a commit")]
    [InlineData("persist-credentials: false", "fetch-depth: 0", "leaves credentials behind")]
    [InlineData("./test.sh", "./lost.sh", "is no call of a script")]
    [InlineData("./test.sh", "./test.sh ${{ github.head_ref }}", "is no call of a script")]
    [InlineData("./test.sh", "./test.sh; curl example.com", "is no call of a script")]
    public void BadWorkflow_IsSeen(string part, string other, string fault)
    {
        Assert.Empty(Workflow.Faults("good.yml", Good, Repository.Exists));
        Assert.Contains(Workflow.Faults("bad.yml", Good.Replace(part, other, StringComparison.Ordinal), Repository.Exists), f => f.Contains(fault, StringComparison.Ordinal));
    }

    // Who may write, and where: each such job is written down here, so that a new one is seen.
    [Fact]
    public void JobsWithMoreRights_AreTheKnownOnes() => Assert.Equal(
        ["codeql/analyze security-events: write", "labels/sync issues: write", "release/publish contents: write", "state-labels/label pull-requests: write"],
        Files.SelectMany(f => Workflow.Jobs(Workflow.Parse(Repository.Read(f))).SelectMany(j => (Workflow.Child(j.Job, "permissions") as YamlMappingNode)?.Children
            .Where(r => $"{r.Value}" != "read").Select(r => $"{Path.GetFileNameWithoutExtension(f)}/{j.Name} {r.Key}: {r.Value}") ?? [])));

    [Fact]
    public void Publishing_IsGuarded()
    {
        YamlMappingNode root = Workflow.Parse(Repository.Read(".github/workflows/release.yml"));
        YamlMappingNode publish = Workflow.Jobs(root).Single(j => j.Name == "publish").Job;
        Assert.Equal(("build", "release", "vars.RELEASE_REPOSITORY == github.repository"), (Workflow.Scalar(publish, "needs"), Workflow.Scalar(publish, "environment"), Workflow.Scalar(publish, "if")));
        Assert.DoesNotContain("secrets.", Repository.Read(".github/workflows/release.yml").Split("publish:")[0], StringComparison.Ordinal);
    }

    // The one workflow that runs with rights after a stranger's event takes the default branch and nothing of the event.
    [Fact]
    public void StateLabels_TakeNothingFromTheEvent()
    {
        string text = Repository.Read(".github/workflows/state-labels.yml");
        Assert.Contains("ref: ${{ github.event.repository.default_branch }}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("workflow_run.", text, StringComparison.Ordinal);
        Assert.Contains("permissions: {}", Repository.Read(".github/workflows/review.yml"), StringComparison.Ordinal);
    }
}
