using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Verifier.Service.Hosting;
using Verifier.Service.Telemetry;
using Verifier.Tests.Hosting;
using LogEvent = (string Id, string Level, string Message);

namespace Verifier.Tests.Telemetry;

/// <summary>docs/observability.md against what there is.</summary>
[Collection(nameof(Scraped))]
public sealed class ObservabilityDocumentTests
{
    [Fact]
    public async Task Table_HasEveryInstrument_WithKindUnitAndMeaning()
    {
        await using TestService service = await TestService.StartAsync();
        List<(string, string, string, string)> real = [];
        IMeterFactory factory = service.App.Services.GetRequiredService<IMeterFactory>();
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Meter.Name is VerifierMetrics.MeterName or RpcMetrics.MeterName)
                {
                    real.Add((instrument.Name, Kind(instrument), instrument.Unit ?? "", instrument.Description ?? ""));
                }
            },
        };

        listener.Start();

        Assert.True(real.Count > 30, $"only {real.Count} instruments were found");
        Assert.Equal(real.Order(), InstrumentTable.Instruments.Select(r => (r.Name, r.Kind, r.Unit, r.Meaning)).Order());
        Assert.All(real, r => Assert.True(r.Item3.Length > 0 && r.Item4.EndsWith('.'), r.Item1));
    }

    [Fact]
    public async Task Table_HasTheNamesAndLabelsThatPrometheusSees()
    {
        await using TestService service = await TestService.StartAsync(["--Telemetry:MetricsPort=0", "--Tokens:Port=0"]);
        await service.Verifier.VerifyAsync(Rpc.Requests.Verify(), cancellationToken: TestContext.Current.CancellationToken);
        Dictionary<string, InstrumentRow> rows = InstrumentTable.Instruments.ToDictionary(r => r.Prometheus);

        string[] series = [.. (await Scrape.SeriesAsync(service)).Where(s => s.StartsWith("verifier_", StringComparison.Ordinal) || s.StartsWith("rpc_", StringComparison.Ordinal))];

        Assert.All(series, s =>
        {
            string name = s.Split('{')[0];
            InstrumentRow? row = rows.GetValueOrDefault(name) ?? rows.Values.FirstOrDefault(r => r.Kind == "histogram" && name.StartsWith(r.Prometheus + "_", StringComparison.Ordinal));
            Assert.True(row is not null, $"{name} is not documented");
            Assert.All(LabelsOf(s).Except(["le"]), l => Assert.Contains(l, row.Labels));
        });
        Assert.InRange(series.Select(s => s.Split('{')[0]).Distinct().Count(), 20, 100);
    }

    [Fact]
    public void Table_HasEveryLogEvent()
    {
        LogEvent[] real = [.. typeof(VerifierApp).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Select(e => ($"{e.EventId}", $"{e.Level}", e.Message))];

        Assert.Equal(real.Order(), InstrumentTable.Rows("Log events", 3).Select(c => (c[0], c[1], c[2])).Order());
    }

    [Fact]
    public void Table_HasEverySpan() =>
        Assert.Equal(Stages.All.Select(s => $"verifier.{s}").Order(), InstrumentTable.Rows("Spans", 2).Select(c => c[0]).Order());

    private static IEnumerable<string> LabelsOf(string series) =>
        series.Contains('{', StringComparison.Ordinal) ? series.Split('{')[1].TrimEnd('}').Split("\",").Select(l => l.Split('=')[0]) : [];

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => "counter",
        "Histogram" => "histogram",
        _ => "gauge",
    };
}
