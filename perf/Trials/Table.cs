using System.Globalization;

namespace Verifier.Perf.Trials;

/// <summary>One figure, beside what was measured in the same run.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Figure">The figure.</param>
/// <param name="Baseline">What it is compared with, and the figure of that.</param>
internal sealed record Row(string What, string Figure, string Baseline)
{
    public double? Ratio { get; init; }

    /// <summary>The most that the ratio should be.</summary>
    public double? Wanted { get; init; }

    /// <summary>A word more.</summary>
    public string Note { get; init; } = "";
}

/// <summary>Rows as a table: in columns for a terminal, or as Markdown for docs/performance.md.</summary>
internal static class Table
{
    private static readonly string[] Titles = ["What", "Figure", "Baseline", "Ratio", "Wanted", "Beside it"];

    public static IEnumerable<string> Lines(IReadOnlyList<Row> rows, bool asMarkdown)
    {
        string[][] cells = [Titles, .. rows.Select(Cells)];
        if (asMarkdown)
        {
            return cells.Select(r => $"| {string.Join(" | ", r)} |").Take(1)
                .Append(string.Concat(Enumerable.Repeat("|---", Titles.Length)) + "|")
                .Concat(cells.Skip(1).Select(r => $"| {string.Join(" | ", r)} |"));
        }

        int[] widths = [.. Enumerable.Range(0, Titles.Length).Select(c => cells.Max(r => r[c].Length))];
        return cells.Select(r => string.Join("  ", r.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd());
    }

    private static string[] Cells(Row row) =>
    [
        row.What,
        row.Figure,
        row.Baseline,
        row.Ratio is { } ratio ? ratio.ToString(ratio < 0.01 ? "0.0000" : "0.000", CultureInfo.InvariantCulture) : "",
        row.Wanted is { } wanted ? $"at most {wanted.ToString("0.00", CultureInfo.InvariantCulture)}{(row.Ratio > wanted ? ", missed" : "")}" : "",
        row.Note,
    ];
}
