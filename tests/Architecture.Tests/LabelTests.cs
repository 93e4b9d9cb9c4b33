using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace Verifier.Architecture.Tests;

/// <summary>Labels mean what CONTRIBUTING.md says, and tell the true state of a change.</summary>
public sealed partial class LabelTests : IDisposable
{
    private static readonly List<Dictionary<string, string>> Labels = new DeserializerBuilder().Build().Deserialize<List<Dictionary<string, string>>>(Repository.Read(".github/labels.yml"));

    private readonly string _folder = Directory.CreateTempSubdirectory("labels-").FullName;

    [Fact]
    public void Meanings_AreThoseOfContributing() => Assert.Equal(
        Rows().Matches(Repository.Read("CONTRIBUTING.md")).Select(m => (m.Groups[1].Value, m.Groups[2].Value)), Labels.Select(l => (l["name"], l["description"])));

    // GitHub takes no longer meaning.
    [Fact]
    public void Labels_AreTakenByGitHub() => Assert.All(Labels, l =>
    {
        Assert.Matches("^[0-9a-f]{6}$", l["color"]);
        Assert.InRange(l["description"].Length, 1, 100);
        Assert.InRange(l["name"].Length, 1, 50);
    });

    [Fact]
    public void LabelsThatFilesGive_AreThere()
    {
        string[] files = [".github/dependabot.yml", .. Directory.GetFiles(Path.Combine(Repository.Root, ".github/ISSUE_TEMPLATE")).Select(f => Path.GetRelativePath(Repository.Root, f))];
        string[] given = [.. files.SelectMany(f => Given().Matches(Repository.Read(f)).Select(m => m.Groups[1].Value))];
        Assert.True(given.Length >= 6);
        Assert.Empty(given.Except(Labels.Select(l => l["name"])));
    }

    [Fact]
    public void LabelScript_MakesEachOfThem()
    {
        (int code, string output) = Run("build/labels.sh", "echo \"$3|$5|$7\"\n");
        Assert.True(code == 0, output);
        Assert.Equal(Labels.Select(l => $"{l["name"]}|{l["color"]}|{l["description"]}"), output.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("false", "null", "h", null, "", "POST state: needs review")]
    [InlineData("false", "REVIEW_REQUIRED", "h", null, "state: in progress", "POST state: needs review;DELETE state%3A%20in%20progress")]
    [InlineData("true", "APPROVED", "h", null, "", "POST state: in progress")]
    [InlineData("false", "CHANGES_REQUESTED", "h", "h", "state: needs review", "POST state: needs changes;DELETE state%3A%20needs%20review")]
    [InlineData("false", "CHANGES_REQUESTED", "h2", "h", "state: needs changes", "POST state: needs review;DELETE state%3A%20needs%20changes")]
    [InlineData("false", "APPROVED", "h", "h", "kind: bug", "POST state: ready")]
    [InlineData("false", "APPROVED", "h", null, "state: ready", "")]
    [InlineData("false", "APPROVED", "h", null, "state: blocked", "")]
    [InlineData("false", "APPROVED", "h", null, "state: blocked,state: ready", "DELETE state%3A%20ready")]
    [InlineData("false", "SOMETHING_NEW", "h", null, "", "POST state: needs review")]
    public void State_FollowsTheReviews(string draft, string decision, string head, string? asked, string labels, string changes)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/jq"), "SKIPPED, NOT PASSED: there is no jq on this machine.");
        var pull = new
        {
            number = 7,
            isDraft = draft == "true",
            reviewDecision = decision == "null" ? null : decision,
            headRefOid = head,
            labels = new { nodes = labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => new { name }) },
            reviews = new { nodes = asked is null ? [] : new[] { new { commit = new { oid = asked } } } },
        };
        var answer = new { data = new { repository = new { pullRequests = new { nodes = new[] { pull } } } } };
        File.WriteAllText(Path.Combine(_folder, "answer.json"), JsonSerializer.Serialize(answer));

        (int code, string output) = Run("build/state-labels.sh", """
            here=$(dirname "$0")
            if [ "$2" = graphql ]; then for last; do :; done; exec jq -r "$last" "$here/answer.json"; fi
            case "$4" in
              POST) echo "POST ${7#*=}" >>"$here/changes" ;;
              DELETE) echo "DELETE ${5##*/}" >>"$here/changes" ;;
              *) exit 9 ;;
            esac

            """);

        Assert.True(code == 0, output);
        string made = Path.Combine(_folder, "changes");
        Assert.Equal(changes, File.Exists(made) ? string.Join(';', File.ReadAllText(made).Trim().Split('\n')) : "");
    }

    [Fact]
    public void StatesOfTheScript_AreLabels()
    {
        string[] states = [.. State().Matches(Repository.Read("build/state-labels.sh")).Select(m => m.Groups[1].Value).Distinct()];
        Assert.Equal(Labels.Select(l => l["name"]).Where(n => n.StartsWith("state: ", StringComparison.Ordinal)).Order(StringComparer.Ordinal), states.Order(StringComparer.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (int Code, string Output) Run(string script, string gh)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the scripts need bash");
        string program = Path.Combine(_folder, "gh");
        File.WriteAllText(program, "#!/bin/sh\n" + gh);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        ProcessStartInfo start = new("bash", [Path.Combine(Repository.Root, script)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = _folder + Path.PathSeparator + start.Environment["PATH"];
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    [GeneratedRegex(@"^\| `((?:state|kind): [a-z ]+|good first issue)` \| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"labels: \['([^']+)'\]")]
    private static partial Regex Given();

    [GeneratedRegex("echo '(state: [a-z ]+)'")]
    private static partial Regex State();
}
