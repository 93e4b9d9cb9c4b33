using System.Text.RegularExpressions;

namespace Verifier.Architecture.Tests;

/// <summary>tests/mutations/checks.tsv says for each check how it is disabled, and which tests notice; tests/mutations.sh tries it, and tests/Faults/control.sh what stands in tests/Faults/controls.tsv.</summary>
public sealed partial class MutationListTests
{
    private static readonly string[][] Rows = RowsOf("tests/mutations/checks.tsv");
    private static readonly string[][] Controls = RowsOf("tests/Faults/controls.tsv");

    [Fact]
    public void EveryCheck_HasARow_AndNothingElse() => Assert.Equal(
        Check().Matches(Repository.Read("src/SevSnp/Checks/CheckId.cs")).Select(m => m.Groups[1].Value).Where(c => c != "None").Order(StringComparer.Ordinal),
        Rows.Select(r => r[0]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void EveryRow_ChangesOnePlace_AndNamesATestClass() => Expect.None(Rows.SelectMany(Faults));

    [Fact]
    public void BadRow_IsSeen()
    {
        string[] row = Rows[0];
        Assert.NotEmpty(Faults([row[0], row[1], "no such text", "MUTANT", row[4]]));
        Assert.NotEmpty(Faults([row[0], row[1], row[2], "no question", row[4]]));
        Assert.NotEmpty(Faults([row[0], row[1], row[2], row[3], "NoSuchTests"]));
    }

    /// <summary>Those of tests/Faults/control.sh, with the kinds of trials that must see it, and how many of each.</summary>
    [Fact]
    public void EveryProtectionOfTheTrials_IsTakenAwayInOnePlace_AndNamesTrials()
    {
        string trials = Repository.Read("tests/EndToEnd.Tests/Faults/RevocationTrials.cs");

        Assert.NotEmpty(Controls);
        Expect.None(Controls.SelectMany(FaultsOfChange));
        Assert.All(Controls, r => Assert.True(int.Parse(r[5], System.Globalization.CultureInfo.InvariantCulture) > 0));
        Assert.All(Controls.SelectMany(r => r[4].Split(',')), kind => Assert.Contains($"\"{kind}\"", trials, StringComparison.Ordinal));
    }

    private static string[][] RowsOf(string file) =>
        [.. Repository.Read(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#').Select(l => l.Split('\t'))];

    private static IEnumerable<string> Faults(string[] row)
    {
        if (row.Length != 5)
        {
            yield return $"{row[0]}: has {row.Length} columns, not 5";
            yield break;
        }

        foreach (string fault in FaultsOfChange(row))
        {
            yield return fault;
        }

        if (!Repository.Sources("tests/SevSnp.Tests").Any(f => f.Text.Contains($"class {row[4]}", StringComparison.Ordinal)))
        {
            yield return $"{row[0]}: there is no test class {row[4]}";
        }
    }

    private static IEnumerable<string> FaultsOfChange(string[] row)
    {
        int found = Repository.Exists(row[1]) ? Repository.Read(row[1]).Split(row[2]).Length - 1 : 0;
        if (found != 1)
        {
            yield return $"{row[0]}: is found {found} times in {row[1]}, not once: {row[2]}";
        }

        if (!row[3].Contains("MUTANT", StringComparison.Ordinal))
        {
            yield return $"{row[0]}: the replacement does not ask for MUTANT";
        }
    }

    [GeneratedRegex(@"^    ([A-Z]\w+) = \d+,", RegexOptions.Multiline)]
    private static partial Regex Check();
}
