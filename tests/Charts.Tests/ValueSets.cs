namespace Verifier.Charts.Tests;

/// <summary>The files of values in tests/charts that the chart must take, those it must refuse, and what it must render.</summary>
internal static class ValueSets
{
    private const string Mark = "# refused: ";

    public static TheoryData<string> Good => [.. Names("")];

    public static TheoryData<string> Refused => [.. Names("refused")];

    public static string GoodFile(string name) => File("", name);

    public static string GoldenFile(string name) => File("golden", name);

    public static string RefusedFile(string name) => File("refused", name);

    /// <summary>What helm must say about a file that it must refuse; the file states it in its first line.</summary>
    public static string Refusal(string name)
    {
        string first = System.IO.File.ReadLines(RefusedFile(name)).First();
        Assert.StartsWith(Mark, first, StringComparison.Ordinal);
        return first[Mark.Length..];
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Helm.Values, folder), "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    private static string File(string folder, string name) => Path.Combine(Helm.Values, folder, name + ".yaml");
}
