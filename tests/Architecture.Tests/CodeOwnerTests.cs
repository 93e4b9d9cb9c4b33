using System.Text.RegularExpressions;

namespace Verifier.Architecture.Tests;

/// <summary>CODEOWNERS asks the right people: its paths exist, its teams are those of CONTRIBUTING.md, and nothing at the top is forgotten.</summary>
public sealed partial class CodeOwnerTests
{
    private static readonly string Owners = Repository.Read("CODEOWNERS");

    [Fact]
    public void Paths_Exist() => Expect.None(LostPaths(Owners));

    [Fact]
    public void LostPath_IsSeen() => Assert.Equal(["/src/Lost/"], LostPaths("# comment\n*  @a\n/src/SevSnp/  @b\n/src/Lost/  @b\n"));

    [Fact]
    public void EverythingAtTheTop_HasOwnersOfItsOwn() => Expect.None(Unowned(Owners, TopEntries()));

    [Fact]
    public void UnownedEntry_IsSeen() => Assert.Equal(["new", "test.sh.bak"], Unowned("* @a\n/src/SevSnp/ @b\n/test.sh @b\n", ["src", "new", "test.sh", "test.sh.bak"]));

    [Fact]
    public void Lines_NameTeamsThatContributingExplains()
    {
        string[] teams = [.. AreaRow().Matches(Repository.Read("CONTRIBUTING.md").Split("## Code owners")[1]).Select(m => m.Groups[1].Value)];
        Assert.Equal(teams.Order(StringComparer.Ordinal), Lines(Owners).SelectMany(l => l[1..]).Distinct().Select(t => t["@verifier/".Length..]).Order(StringComparer.Ordinal));
        Assert.All(Lines(Owners), line => Assert.True(line.Length > 1, $"{line[0]} has no owner"));
    }

    // The last line that matches counts: a room named after its parts would take them back.
    [Fact]
    public void Parts_StandBelowTheirRoom() => Expect.None(Shadowed(Owners));

    [Fact]
    public void ShadowedLine_IsSeen() => Assert.Equal(["/src/SevSnp/ is taken back by /src/"], Shadowed("/src/SevSnp/ @a\n/src/ @b\n"));

    private static string[][] Lines(string owners) =>
        [.. owners.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static IEnumerable<string> LostPaths(string owners) =>
        Lines(owners).Select(l => l[0]).Where(p => p.StartsWith('/') && !Path.Exists(Path.Combine(Repository.Root, p[1..])));

    private static IEnumerable<string> Unowned(string owners, IEnumerable<string> entries) => entries.Where(e =>
        !Lines(owners).Any(l => l[0] == "/" + e || l[0].StartsWith($"/{e}/", StringComparison.Ordinal)));

    private static IEnumerable<string> Shadowed(string owners)
    {
        string[] paths = [.. Lines(owners).Select(l => l[0])];
        return paths.SelectMany((p, i) => paths.Skip(i + 1).Where(later => later == "*" || (later.EndsWith('/') && p.StartsWith(later, StringComparison.Ordinal))).Select(later => $"{p} is taken back by {later}"));
    }

    // What .gitignore names by itself is not part of the repository; nor is git's own folder.
    private static IEnumerable<string> TopEntries()
    {
        string[] ignored = [".git", .. Repository.Read(".gitignore").Split('\n').Select(l => l.Trim('/'))];
        return Directory.EnumerateFileSystemEntries(Repository.Root).Select(e => Path.GetFileName(e)!).Where(e => !ignored.Contains(e) && !e.EndsWith(".user", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^\| ([a-z]+) \|", RegexOptions.Multiline)]
    private static partial Regex AreaRow();
}
