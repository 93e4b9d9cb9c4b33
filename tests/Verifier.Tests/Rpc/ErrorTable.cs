using Verifier.TestKit;

namespace Verifier.Tests.Rpc;

/// <summary>One row of docs/errors.md.</summary>
internal sealed record ErrorRow(string Case, string Status, string Reason, string? Violation, string Text, bool IsBeginning);

/// <summary>Reads the tables of docs/errors.md, so that document and service are held against each other.</summary>
internal static class ErrorTable
{
    public static IReadOnlyList<ErrorRow> Rows { get; } = [.. Read()];

    private static IEnumerable<ErrorRow> Read() => File.ReadLines(RepositoryRoot.Combine("docs", "errors.md"))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| Case ", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split(" | "))
        .Select(cells => new ErrorRow(
            cells[0].Trim(),
            cells[2].Trim(),
            cells[3].Trim(),
            cells[4].Trim() is "-" ? null : cells[4].Trim(),
            cells[5].Trim().Replace("starts ", "", StringComparison.Ordinal).Trim('`'),
            cells[5].Trim().StartsWith("starts ", StringComparison.Ordinal)));
}
