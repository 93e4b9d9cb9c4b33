using System.Text.Json;
using System.Text.RegularExpressions;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Observability;

/// <summary>Dashboard and alerts as the chart has them.</summary>
internal static partial class ObservabilityFiles
{
    public static string Alerts => RepositoryRoot.Combine("charts", "verifier", "files", "alerts.yaml");

    public static string AlertTests => RepositoryRoot.Combine("tests", "EndToEnd.Tests", "Observability", "alerts.test.yaml");

    public static string Dashboard => RepositoryRoot.Combine("charts", "verifier", "files", "dashboard.json");

    /// <summary>Every query of the dashboard with the title of its panel, its variables replaced as Grafana does for "All".</summary>
    public static IReadOnlyList<(string Panel, string Expression)> Queries()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Dashboard));
        return
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray()
                .Where(p => p.GetProperty("type").GetString() != "row")
                .SelectMany(p => p.GetProperty("targets").EnumerateArray().Select(t => (p.GetProperty("title").GetString()!, Replaced(t.GetProperty("expr").GetString()!)))),
        ];
    }

    /// <summary>The names of metrics in an expression.</summary>
    public static IEnumerable<string> MetricsIn(string expression) => MetricName().Matches(expression).Select(m => m.Value).Distinct();

    private static string Replaced(string expression)
    {
        string replaced = expression.Replace("$__rate_interval", "10s", StringComparison.Ordinal)
            .Replace("$namespace", ".*", StringComparison.Ordinal).Replace("$job", ".*", StringComparison.Ordinal);
        return replaced.Contains('$', StringComparison.Ordinal) ? throw new InvalidDataException($"an unknown variable: {expression}") : replaced;
    }

    [GeneratedRegex(@"\b(?:verifier|rpc|dotnet|kestrel)_[a-z_]+\b(?=[{\[)\s]|$)")]
    private static partial Regex MetricName();
}
