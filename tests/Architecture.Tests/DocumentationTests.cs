using System.Text.RegularExpressions;

namespace Verifier.Architecture.Tests;

/// <summary>What documents point to is there.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] Pages =
    [
        .. new[] { ".", "docs", "samples", "charts/verifier" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md"))
            .Select(p => Path.GetRelativePath(Repository.Root, p)),
    ];

    private static readonly string[] Entrances = ["README.md", "docs/README.md"];

    // A page that no other leads to is a page that nobody reads.
    [Fact]
    public void EveryPage_IsReachedFromTheFirstOnes()
    {
        string[] reached = [.. Entrances.SelectMany(p => Link().Matches(Repository.Read(p)).Select(m => Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(p)!, m.Groups[1].Value)))))];

        Assert.Equal(["CHANGELOG.md"], Pages.Except(reached).Except(Entrances));
    }

    [Fact]
    public void Links_LeadSomewhere() => Expect.None(Pages.SelectMany(p => DeadLinks(p, Repository.Read(p))));

    [Fact]
    public void DeadLink_IsSeen()
    {
        Assert.Equal(["docs/store.md: checks.htm"], DeadLinks("docs/store.md", "see [checks](checks.htm) and [more](../README.md#top), [web](https://example.com)"));
        Assert.Contains(Pages, p => p == "README.md");
    }

    private static IEnumerable<string> DeadLinks(string page, string text) => Link().Matches(text).Select(m => m.Groups[1].Value)
        .Where(l => !l.Contains("://", StringComparison.Ordinal) && !Exists(Path.Combine(Path.GetDirectoryName(page)!, l)))
        .Select(l => $"{page}: {l}");

    private static bool Exists(string path) => Path.Exists(Path.Combine(Repository.Root, path));

    [GeneratedRegex(@"\]\(([^)#\s]+)[^)]*\)")]
    private static partial Regex Link();
}
