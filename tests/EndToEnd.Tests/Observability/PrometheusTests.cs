using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Kds;

namespace Verifier.EndToEnd.Tests.Observability;

/// <summary>Runs alone: the collector of a service hears the meters of every service in the process.</summary>
[CollectionDefinition(nameof(PrometheusTests), DisableParallelization = true)]
public sealed class RunsAlone;

/// <summary>Debian's Prometheus scrapes the running service, with the dashboard's queries and the alerts as the chart has them.</summary>
[Collection(nameof(PrometheusTests))]
public sealed class PrometheusTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryQueryOfTheDashboard_AndEveryMetricOfAnAlert_HasData_WhileNoAlertFires()
    {
        Assert.SkipUnless(PrometheusServer.IsPresent, PrometheusServer.SkipReason);
        string folder = Directory.CreateTempSubdirectory("verifier-observed-").FullName;
        Scenario guest = Scenario.Vcek();
        await using FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(guest.Amd, guest.Leaf);
        await using RunningService service = await RunningService.StartAsync(
            [
                $"--Kds:BaseUrl={kds.BaseAddress}", "--Telemetry:MetricsPort=0", "--Tokens:Port=0", "--Registry:MaxWatchers=1", "--Admission:Concurrency=1", "--Log:AuditInterval=00:00:02",
                .. Certificate(folder),
            ],
            guest.Roots);
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(service.MetricsAddress, ObservabilityFiles.Alerts);
        Traffic traffic = new(service, guest, guest.WithReport(r => r with { ChipId = [.. Enumerable.Repeat((byte)0x5A, 64)] }));
        await traffic.RegisterAsync();

        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task driving = DriveAsync(traffic, end.Token);
        string[] missing = [.. await MissingAsync(prometheus, [.. ObservabilityFiles.Queries().Select(q => $"{q.Expression}"), .. await MetricsOfAlertsAsync(prometheus)])];
        await end.CancelAsync();
        await driving;

        Assert.Empty(missing);
        Assert.Empty(await prometheus.QueryAsync("count(verifier_no_such_metric)"));
        var alerts = await prometheus.AlertsAsync();
        Assert.All(alerts, a => Assert.Equal("ok", a.Health));
        Assert.Empty(alerts.Where(a => a.State == "firing").Select(a => a.Name));
        await AssertFiguresAsync(prometheus, traffic);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task AssertFiguresAsync(PrometheusServer prometheus, Traffic traffic)
    {
        string[] states = ["active", "deprecated", "revoked", "pending"];
        double[] records = [.. await Task.WhenAll(states.Select(async s => (await prometheus.QueryAsync($"verifier_registry_records{{state=\"{s}\"}}")).Single()))];
        Assert.Equal([1, 1, 1, 0], records);
        Assert.Equal(5, (await prometheus.QueryAsync("verifier_log_size")).Single());

        // The last scrape came after the last call.
        await Task.Delay(TimeSpan.FromSeconds(2.5), Cancellation);
        Assert.Equal(traffic.Accepted, (await prometheus.QueryAsync("verifier_verdicts_total{outcome=\"accepted\",reason=\"none\",tenant=\"default\"}")).Single());
        Assert.Equal(traffic.Accepted, (await prometheus.QueryAsync("verifier_challenges_total{use=\"spent\"}")).Single());
        Assert.Equal(traffic.Accepted, (await prometheus.QueryAsync("verifier_challenges_total{use=\"dead\"}")).Single());
        Assert.True((await prometheus.QueryAsync("verifier_verdicts_total{outcome=\"refused\",reason=\"MEASUREMENT_IS_REGISTERED\"}")).Single() >= traffic.Accepted);
        Assert.True((await prometheus.QueryAsync("verifier_kds_requests_total{kind=\"vcek\",outcome=\"not_found\"}")).Single() >= 1);
        Assert.True((await prometheus.QueryAsync("verifier_calls_shed_total{reason=\"TOO_MANY_WATCHERS\"}")).Single() >= 1);
        Assert.InRange((await prometheus.QueryAsync("verifier_tls_certificate_remaining_seconds")).Single(), 29 * 86400, 31 * 86400);
        Assert.InRange((await prometheus.QueryAsync("verifier_audit_age_seconds")).Single(), 0, 60);
    }

    private static async Task<IEnumerable<string>> MetricsOfAlertsAsync(PrometheusServer prometheus) =>
        (await prometheus.AlertsAsync()).SelectMany(a => ObservabilityFiles.MetricsIn(a.Expression)).Distinct().Select(m => $"count({m})");

    private static async Task DriveAsync(Traffic traffic, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await traffic.RoundAsync();
        }
    }

    // Rates need two scrapes with calls between them. What has no data after a minute of traffic has none.
    private static async Task<IEnumerable<string>> MissingAsync(PrometheusServer prometheus, List<string> expressions)
    {
        Assert.True(expressions.Count > 50, $"only {expressions.Count} expressions");
        Stopwatch watch = Stopwatch.StartNew();
        while (expressions.Count > 0 && watch.Elapsed < TimeSpan.FromSeconds(60))
        {
            await Task.Delay(500, Cancellation);
            foreach (string expression in expressions.ToArray())
            {
                if ((await prometheus.QueryAsync(expression)).Count > 0)
                {
                    expressions.Remove(expression);
                }
            }
        }

        return expressions;
    }

    private static string[] Certificate(string folder)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(VirtualAmd.Now.AddDays(-1), VirtualAmd.Now.AddDays(30));
        File.WriteAllText(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        return [$"--Server:Tls:CertificateFile={folder}/tls.crt", $"--Server:Tls:KeyFile={folder}/tls.key"];
    }
}
