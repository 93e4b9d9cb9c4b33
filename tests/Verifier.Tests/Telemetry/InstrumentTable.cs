using Verifier.TestKit;

namespace Verifier.Tests.Telemetry;

/// <summary>A row of the table of metrics in docs/observability.md.</summary>
public sealed record InstrumentRow(string Name, string Prometheus, string Kind, string Unit, IReadOnlyList<string> Labels, string Meaning);

/// <summary>Tables of docs/observability.md.</summary>
internal static class InstrumentTable
{
    public static IReadOnlyList<InstrumentRow> Instruments => [.. Rows("Metrics", 6).Select(c => new InstrumentRow(c[0], c[1], c[2], c[3], Words(c[4]), c[5]))];

    /// <summary>Cells of each row of a section, without the marks of code.</summary>
    public static IEnumerable<string[]> Rows(string section, int cells)
    {
        string page = File.ReadAllText(RepositoryRoot.Combine("docs", "observability.md"));
        string part = page.Split($"\n## {section}\n")[1].Split("\n## ")[0];
        return part.Split('\n')
            .Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => l.Split('|')[1..^1].Select(c => c.Trim().Replace("`", "", StringComparison.Ordinal)).ToArray())
            .Select(c => c.Length == cells ? c : throw new InvalidDataException($"{section}: {c[0]} has {c.Length} cells"));
    }

    private static string[] Words(string cell) => [.. cell.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
