using System.Text.RegularExpressions;

namespace Verifier.Architecture.Tests;

/// <summary>docs/faults.md has a row for each fault that the service must survive, and each row is named by a test or says why there is none.</summary>
public sealed partial class FaultTableTests
{
    private const int Faults = 50;

    private static readonly (string Number, string Why)[] Rows =
        [.. Row().Matches(Repository.Read("docs/faults.md")).Select(m => (m.Groups[1].Value, m.Groups[2].Value.Trim()))];

    private static readonly string[] Tests =
        [.. Repository.Sources("tests").Where(f => !f.Path.StartsWith("tests/Architecture.Tests/", StringComparison.Ordinal) && IsTest(f.Text)).Select(f => f.Text)];

    [Fact]
    public void Table_HasEveryFaultOnce_InOrder() => Assert.Equal(Enumerable.Range(1, Faults).Select(n => $"F{n:00}"), Rows.Select(r => r.Number));

    [Fact]
    public void EveryFault_IsNamedByATest_OrSaysWhyNot() =>
        Expect.None(Rows.Where(r => r.Why.Length == 0 && !Tests.Any(t => Names(t, r.Number))).Select(r => $"{r.Number} is named by no test"));

    [Fact]
    public void FaultWithoutATest_IsSeen()
    {
        Assert.DoesNotContain(Tests, t => Names(t, "F51"));
        Assert.True(Names("public void T32_F28_Redirect_IsNeverFollowed()", "F28"));
        Assert.True(Names("/// <summary>T109, F44: what must not start does not.</summary>", "F44"));
        Assert.False(Names("0xF28, F281, AF28", "F28"));
        Assert.False(IsTest("internal sealed class Poller"));
    }

    private static bool IsTest(string text) => text.Contains("[Fact]", StringComparison.Ordinal) || text.Contains("[Theory]", StringComparison.Ordinal);

    private static bool Names(string text, string number) => Regex.IsMatch(text, $"(?<![A-Za-z0-9]){number}(?![0-9A-Fa-f])");

    [GeneratedRegex(@"^\| (F\d\d) [^|]*\|[^|]*\|([^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
