using System.Diagnostics;
using System.Text.Json;
using Verifier.TestKit.Net;

namespace Verifier.EndToEnd.Tests.Observability;

/// <summary>A real Prometheus on loopback that scrapes one address each second, with the alerts loaded.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-prometheus-").FullName;
    private readonly HttpClient _http = new();
    private Process _process = null!;

    private PrometheusServer()
    {
    }

    /// <summary>True when prometheus and promtool are on this machine.</summary>
    public static bool IsPresent => Find("prometheus") is not null && Find("promtool") is not null;

    public static string SkipReason => "SKIPPED, NOT PASSED: there is no prometheus with promtool in PATH. Install it (Debian: apt-get install prometheus).";

    public static async Task<PrometheusServer> StartAsync(string target, string ruleFile)
    {
        PrometheusServer server = new();
        int port = FreePort.Next();
        string configuration = Path.Combine(server._folder, "prometheus.yml");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            global: {"{"} scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s {"}"}
            rule_files: ['{ruleFile}']
            scrape_configs:
              - job_name: verifier
                static_configs: [{"{"} targets: ['{new Uri(target).Authority}'] {"}"}]
            """,
            TestContext.Current.CancellationToken);
        ProcessStartInfo start = new(
            Find("prometheus")!,
            [$"--config.file={configuration}", $"--storage.tsdb.path={server._folder}/data", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
        {
            WorkingDirectory = server._folder,
        };
        server._http.BaseAddress = new Uri($"http://127.0.0.1:{port}");
        server._process = Process.Start(start)!;
        await server.ReadyAsync();
        return server;
    }

    /// <summary>The values that an expression gives now, those that are no number left out.</summary>
    public async Task<IReadOnlyList<double>> QueryAsync(string expression)
    {
        using FormUrlEncodedContent form = new([new("query", expression)]);
        using HttpResponseMessage response = await _http.PostAsync(new Uri("/api/v1/query", UriKind.Relative), form, TestContext.Current.CancellationToken);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(response.IsSuccessStatusCode, $"{expression}: {answer.RootElement}");
        JsonElement data = answer.RootElement.GetProperty("data");
        Assert.Equal("vector", data.GetProperty("resultType").GetString());
        return
        [
            .. data.GetProperty("result").EnumerateArray()
                .Select(s => double.Parse(s.GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture))
                .Where(double.IsFinite),
        ];
    }

    /// <summary>Every alert: its name, its expression, whether it could be evaluated, and whether it fires.</summary>
    public async Task<IReadOnlyList<(string Name, string Expression, string Health, string State)>> AlertsAsync()
    {
        using JsonDocument answer = JsonDocument.Parse(await _http.GetStringAsync(new Uri("/api/v1/rules", UriKind.Relative), TestContext.Current.CancellationToken));
        return
        [
            .. answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("rules").EnumerateArray()).Select(r => (
                r.GetProperty("name").GetString()!, r.GetProperty("query").GetString()!, r.GetProperty("health").GetString()!, r.GetProperty("state").GetString()!)),
        ];
    }

    /// <summary>Runs promtool.</summary>
    public static async Task<(int ExitCode, string Output)> PromtoolAsync(params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Find("promtool")!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ReadyAsync()
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using HttpResponseMessage ready = await _http.GetAsync(new Uri("/-/ready", UriKind.Relative), TestContext.Current.CancellationToken);
                if (ready.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            Assert.False(_process.HasExited, "prometheus ended");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "prometheus does not become ready");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Select(d => Path.Combine(d, program)).FirstOrDefault(File.Exists);
}
