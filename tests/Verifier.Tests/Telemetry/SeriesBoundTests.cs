using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SevSnp.Checks;
using Verifier.Service.Telemetry;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Telemetry;

/// <summary>Whatever callers do, there are only so many series.</summary>
[Collection(nameof(Scraped))]
public sealed class SeriesBoundTests
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(b => b, b => b);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task T112_ThousandTenants_ShareOneLabelBeyondTheBound()
    {
        await using TestService service = await TestService.StartAsync(["--Telemetry:MetricsPort=0", "--Telemetry:MaxTenants=20"]);
        VerdictMetrics verdicts = service.App.Services.GetRequiredService<VerdictMetrics>();
        string[] reasons = [.. CheckIds.All().Select(c => c.WireName())];

        for (int tenant = 0; tenant < 1000; tenant++)
        {
            foreach (string reason in reasons)
            {
                verdicts.Verdict($"tenant-{tenant}", "refused", reason);
            }
        }

        string[] series = [.. (await Scrape.SeriesAsync(service)).Where(s => s.StartsWith("verifier_verdicts_total{", StringComparison.Ordinal))];
        Assert.InRange(2 * reasons.Length, 20, VerdictMetrics.MostPerTenant - 1);
        Assert.Equal(21 * reasons.Length, series.Length);
        Assert.Equal(980, await Scrape.ValueAsync(service, $"verifier_verdicts_total{{outcome=\"refused\",reason=\"{reasons[0]}\",tenant=\"_other\"}}"));
        Assert.DoesNotContain(series, s => s.Contains("overflow", StringComparison.Ordinal));
    }

    [Fact]
    public async Task T112_OddMethods_AddNoSeries()
    {
        await using TestService service = await TestService.StartAsync(["--Telemetry:MetricsPort=0"]);
        CallInvoker calls = service.Channel().CreateCallInvoker();
        await FailAsync(calls, "first.Odd", "Method");
        IReadOnlyList<string> first = await Scrape.SeriesAsync(service);
        // A call is measured after its answer was sent.
        while (!first.Any(s => s.StartsWith("rpc_", StringComparison.Ordinal) && s.Contains("_OTHER", StringComparison.Ordinal)))
        {
            first = await Scrape.SeriesAsync(service);
        }

        int before = first.Count(IsOurs);
        for (int i = 0; i < 1000; i++)
        {
            await FailAsync(calls, $"odd.Service{i}", $"Method{i}");
        }

        IReadOnlyList<string> after = await Scrape.SeriesAsync(service);
        Assert.Equal(before, after.Count(IsOurs));
        Assert.DoesNotContain(after, s => s.Contains("odd", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void NoTenant_HasALabelOfItsOwn_WhereNoneShall()
    {
        TenantLabels labels = new(Options.Create(new TelemetryOptions { MaxTenants = 0 }));

        Assert.Equal(["_other", "_other"], new[] { "default", "other" }.Select(labels.Of));
    }

    [Fact]
    public void TenantLabels_StayAsTheyWere()
    {
        TenantLabels labels = new(Options.Create(new TelemetryOptions { MaxTenants = 2 }));

        Assert.Equal(["a", "b", "_other", "a", "_other"], new[] { "a", "b", "c", "a", "c" }.Select(labels.Of));
    }

    private static bool IsOurs(string series) => series.StartsWith("verifier_", StringComparison.Ordinal) || series.StartsWith("rpc_", StringComparison.Ordinal);

    private static async Task FailAsync(CallInvoker calls, string name, string method)
    {
        using AsyncUnaryCall<byte[]> call = calls.AsyncUnaryCall(
            new Method<byte[], byte[]>(MethodType.Unary, name, method, Raw, Raw), null, new CallOptions(cancellationToken: Cancellation), []);
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }
}
