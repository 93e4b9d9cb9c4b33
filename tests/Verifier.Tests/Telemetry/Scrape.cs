using System.Text.RegularExpressions;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Telemetry;

/// <summary>What a scrape shows, line by line.</summary>
internal static partial class Scrape
{
    /// <summary>The listener of a service that was started with <c>Telemetry:MetricsPort</c> and without one for probes.</summary>
    public static string AddressOf(TestService service) => service.App.Urls.ElementAt(1);

    /// <summary>Every series: its name and its labels.</summary>
    public static async Task<IReadOnlyList<string>> SeriesAsync(TestService service)
    {
        // The exporter answers from what it collected last for 300 ms.
        await Task.Delay(350, TestContext.Current.CancellationToken);
        using HttpClient http = new();
        string text = await http.GetStringAsync($"{AddressOf(service)}/metrics", TestContext.Current.CancellationToken);
        return [.. Line().Matches(Plain(text)).Select(m => m.Groups[1].Value)];
    }

    /// <summary>The value of a series, or null.</summary>
    public static async Task<double?> ValueAsync(TestService service, string series)
    {
        await Task.Delay(350, TestContext.Current.CancellationToken);
        using HttpClient http = new();
        string text = await http.GetStringAsync($"{AddressOf(service)}/metrics", TestContext.Current.CancellationToken);
        string? line = Plain(text).Split('\n').FirstOrDefault(l => l.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? null : double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    // A series without labels is written with empty braces.
    private static string Plain(string text) => text.Replace("{} ", " ", StringComparison.Ordinal);

    [GeneratedRegex(@"^([a-z][^#\n]*) \S+$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
