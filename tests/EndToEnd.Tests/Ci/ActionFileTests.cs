using System.Text.RegularExpressions;

namespace Verifier.EndToEnd.Tests.Ci;

/// <summary>action.yml has what GitHub demands, in the form that it demands; the reader of these tests refuses unknown members.</summary>
public sealed partial class ActionFileTests
{
    private static readonly ActionFile Action = ActionFile.Load();

    [Fact]
    public void Metadata_IsComplete()
    {
        Assert.Equal("composite", Action.Runs.Using);
        Assert.All([Action.Name, Action.Description, Action.Author], text => Assert.NotEmpty(text));
        Assert.Equal(["color", "icon"], Action.Branding.Keys.Order());
        Assert.All(Action.Inputs.Values, input => Assert.NotEmpty(input.Description));
        Assert.All(Action.Outputs.Values, output => Assert.NotEmpty(output.Description));
        Assert.Equal(["audience", "file", "image", "server", "version"], Action.Inputs.Where(i => i.Value.Required).Select(i => i.Key).Order());
    }

    [Fact]
    public void Steps_RunOrUseExactlyOneThing()
    {
        Assert.All(Action.Runs.Steps, step => Assert.NotEmpty(step.Name));
        Assert.All(Action.Runs.Steps, step => Assert.NotEqual(step.Run is null, step.Uses is null));
        Assert.All(Action.Runs.Steps.Where(s => s.Run is not null), step => Assert.Equal(("bash", 0), (step.Shell, step.With.Count)));
        Assert.Equal(["install", "register"], Action.Runs.Steps.Where(s => s.Run is not null).Select(s => s.Id));
    }

    // A tag can be moved to other code; a commit cannot.
    [Fact]
    public void T110_OtherActions_ArePinnedByCommit()
    {
        string[] used = [.. Action.Runs.Steps.Select(s => s.Uses).OfType<string>()];
        Assert.NotEmpty(used);
        Assert.All(used, uses => Assert.Matches(Pinned(), uses));
        Assert.DoesNotMatch(Pinned(), "actions/setup-dotnet@v5");
    }

    // What stands in a script is run; what stands in the environment is not.
    [Fact]
    public void Expressions_StandInNoScript() =>
        Assert.All(Action.Runs.Steps.Where(s => s.Run is not null), step => Assert.DoesNotContain("${{", step.Run, StringComparison.Ordinal));

    [Fact]
    public void EveryInput_IsUsed()
    {
        string[] values = [.. Action.Runs.Steps.SelectMany(s => s.Env.Values)];
        Assert.All(Action.Inputs.Keys, name => Assert.Contains($"${{{{ inputs.{name} }}}}", values));
    }

    [GeneratedRegex("^[a-z-]+/[a-z-]+@[0-9a-f]{40}$")]
    private static partial Regex Pinned();
}
