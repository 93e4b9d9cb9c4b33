using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Kds;

namespace Verifier.EndToEnd.Tests.Observability;

/// <summary>
/// Debian's Prometheus scrapes the running service, with the dashboard's queries and the alerts as the chart has them. Alone: the collector of a
/// service hears the meters of every service in the process.
/// </summary>
[Collection(RunsAlone.Collection)]
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
        Assert.Empty((await prometheus.AlertsAsync()).Where(a => a.State == "firing").Select(a => a.Name));
        await EventuallyAsync(async () => Assert.All(await prometheus.AlertsAsync(), a => Assert.Equal("ok", a.Health)));
        await EventuallyAsync(() => AssertFiguresAsync(prometheus, traffic));
        Directory.Delete(folder, recursive: true);
    }

    // Nothing is asked any more, so the figures stay as they are; a scrape or two may be late, or fail on a machine that stands still.
    private static async Task EventuallyAsync(Func<Task> holds)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromMinutes(1) && await Record.ExceptionAsync(holds) is not null)
        {
            await Task.Delay(500, Cancellation);
        }

        await holds();
    }

    private static async Task AssertFiguresAsync(PrometheusServer prometheus, Traffic traffic)
    {
        string[] states = ["active", "deprecated", "revoked", "pending"];
        double[] records = [.. await Task.WhenAll(states.Select(async s => (await prometheus.QueryAsync($"verifier_registry_records{{state=\"{s}\"}}")).Single()))];
        Assert.Equal([1, 1, 1, 0], records);
        Assert.Equal(5, (await prometheus.QueryAsync("verifier_log_size")).Single());
        AssertCount(traffic, await prometheus.QueryAsync("verifier_verdicts_total{outcome=\"accepted\",reason=\"none\",tenant=\"default\"}"));
        AssertCount(traffic, await prometheus.QueryAsync("verifier_challenges_total{use=\"spent\"}"));
        AssertCount(traffic, await prometheus.QueryAsync("verifier_challenges_total{use=\"dead\"}"));
        Assert.True((await prometheus.QueryAsync("verifier_verdicts_total{outcome=\"refused\",reason=\"MEASUREMENT_IS_REGISTERED\"}")).Single() >= traffic.Accepted);
        Assert.True((await prometheus.QueryAsync("verifier_kds_requests_total{kind=\"vcek\",outcome=\"not_found\"}")).Single() >= 1);
        Assert.True((await prometheus.QueryAsync("verifier_calls_shed_total{reason=\"TOO_MANY_WATCHERS\"}")).Single() >= 1);
        Assert.InRange((await prometheus.QueryAsync("verifier_tls_certificate_remaining_seconds")).Single(), 29 * 86400, 31 * 86400);
        Assert.InRange((await prometheus.QueryAsync("verifier_audit_age_seconds")).Single(), 0, 60);
    }

    // Each round counts once; one in which the machine stood still may have been counted or not.
    private static void AssertCount(Traffic traffic, IReadOnlyList<double> told) => Assert.InRange(told.Single(), traffic.Accepted, traffic.Accepted + traffic.Unsure);

    private static async Task<IEnumerable<string>> MetricsOfAlertsAsync(PrometheusServer prometheus) =>
        (await prometheus.AlertsAsync()).SelectMany(a => ObservabilityFiles.MetricsIn(a.Expression)).Distinct().Select(m => $"count({m})");

    private static async Task DriveAsync(Traffic traffic, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await traffic.RoundAsync();
        }
    }

    // Rates need two scrapes with calls between them. What has no data after three minutes of traffic has none.
    private static async Task<IEnumerable<string>> MissingAsync(PrometheusServer prometheus, List<string> expressions)
    {
        Assert.True(expressions.Count > 50, $"only {expressions.Count} expressions");
        Stopwatch watch = Stopwatch.StartNew();
        while (expressions.Count > 0 && watch.Elapsed < TimeSpan.FromMinutes(3))
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
