using System.Diagnostics.Metrics;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SevSnp.Certificates;
using SevSnp.Policies;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.Service.Health;
using Verifier.Service.Kds;
using Verifier.Service.Telemetry;
using Verifier.TestKit;
using Verifier.TestKit.Kds;

namespace Verifier.Tests.Kds;

/// <summary>The key service client as the service wires it, against a fake key service on a real socket.</summary>
internal sealed class KdsBench : IAsyncDisposable
{
    /// <summary>A caller with all the time there is.</summary>
    public static readonly Asker Patient = new("default", "tests", null);

    /// <summary>A caller whose deadline is near.</summary>
    public static readonly Asker Hurried = new("default", "tests", TimeSpan.FromSeconds(3));

    private readonly WebApplication _app;

    private KdsBench(WebApplication app, FakeKds kds, TravelClock clock, MemoryCertificateCache cache, LogLines log)
    {
        (_app, Kds, Clock, Cache, Log) = (app, kds, clock, cache, log);
        Counts = new MetricCounts(app.Services.GetRequiredService<IMeterFactory>());
        Source = app.Services.GetRequiredService<ICertificateSource>();
    }

    public FakeKds Kds { get; }

    public TravelClock Clock { get; }

    public MemoryCertificateCache Cache { get; }

    public LogLines Log { get; }

    public MetricCounts Counts { get; }

    public ICertificateSource Source { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>What grpc.health.v1 tells of the key service.</summary>
    public async Task<HealthCheckResponse.Types.ServingStatus> HealthAsync() =>
        (await _app.Services.GetRequiredService<HealthServiceImpl>().Check(new HealthCheckRequest { Service = DependencyHealth.Kds }, null!)).Status;

    /// <summary>A key service that serves Milan's chains, lists and the given VCEKs, and a client for it.</summary>
    public static Task<KdsBench> StartAsync(params SimulatedKey[] vceks) => StartAsync([], vceks);

    /// <summary>The same with time limits that a test can wait for. Other tests have long ones, so that a busy machine fails none.</summary>
    public static Task<KdsBench> StartImpatientAsync(params SimulatedKey[] vceks) =>
        StartAsync([("TotalTimeout", "00:00:00.700"), ("ConnectTimeout", "00:00:00.500"), ("RevocationWait", "00:00:00.300")], vceks);

    private static async Task<KdsBench> StartAsync((string Name, string Value)[] settings, SimulatedKey[] vceks)
    {
        FakeKds kds = await FakeKds.StartAsync();
        VirtualAmd amd = VirtualAmd.For(vceks is [{ Chip.Product: var product }, ..] ? product : SevSnp.Launch.ProductLine.Milan);
        kds.Publish(amd, vceks);
        return For(kds, amd.Roots, null, settings);
    }

    /// <summary>A client with settings of its own, by their names in the section.</summary>
    public static KdsBench For(FakeKds kds, TrustRoots roots, MemoryCertificateCache? cache = null, params (string Name, string Value)[] settings) =>
        For(kds, roots, cache, fleet: null, settings);

    /// <summary>The same, one of several instances.</summary>
    public static KdsBench For(FakeKds kds, TrustRoots roots, MemoryCertificateCache? cache, IKdsFleet? fleet, params (string Name, string Value)[] settings)
    {
        TravelClock clock = new();
        LogLines log = new();
        cache ??= new MemoryCertificateCache();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        (string Name, string Value)[] defaults = [("BaseUrl", kds.BaseAddress.ToString()), ("TotalTimeout", "00:00:20"), ("ConnectTimeout", "00:00:10"), ("RevocationWait", "00:00:20"), ("Spacing", "00:00:00")];
        foreach ((string name, string value) in defaults.Concat(settings))
        {
            builder.Configuration[$"{KdsOptions.Section}:{name}"] = value;
        }

        builder.WebHost.UseKestrelCore();
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<VerifierMetrics>();
        builder.Services.AddSingleton<CallMetrics>();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddKeyedSingleton<TimeProvider>(KdsServices.NetworkClock, clock);
        builder.Services.AddSingleton<HealthServiceImpl>();
        builder.Services.AddSingleton<DependencyHealth>();
        builder.Services.AddSingleton<ICertificateCache>(cache);
        builder.Services.AddSingleton(roots);
        if (fleet is not null)
        {
            builder.Services.AddSingleton(fleet);
        }

        builder.AddKds();
        return new KdsBench(builder.Build(), kds, clock, cache, log);
    }

    public Task<Evidence> CompleteAsync(SimulatedKey signer, CertificateBundle? presented = null, RevocationRule revocation = RevocationRule.Preferred) =>
        CompleteAsync(ReportBuilder.For(signer).Sign(signer), presented, revocation);

    public Task<Evidence> CompleteAsync(byte[] report, CertificateBundle? presented = null, RevocationRule revocation = RevocationRule.Preferred, Asker? asker = null) =>
        Source.CompleteAsync(Parse(report), presented ?? CertificateBundle.Empty, revocation, asker ?? Patient, TestContext.Current.CancellationToken);

    /// <summary>Completes for one of several callers, with so much left of its deadline.</summary>
    public Task<Evidence> CompleteAsync(SimulatedKey signer, Asker asker, CertificateBundle? presented = null) =>
        Source.CompleteAsync(Parse(ReportBuilder.For(signer).Sign(signer)), presented ?? CertificateBundle.Empty, RevocationRule.Preferred, asker, TestContext.Current.CancellationToken);

    /// <summary>The same, and expects that it cannot be done in time.</summary>
    public async Task<KdsUnavailableException> FailAsync(SimulatedKey signer, Asker asker, CertificateBundle? presented = null) =>
        await Assert.ThrowsAsync<KdsUnavailableException>(() => CompleteAsync(signer, asker, presented));

    /// <summary>Completes for a caller who may leave.</summary>
    public Task<Evidence> CompleteAsync(SimulatedKey signer, CancellationToken caller) =>
        Source.CompleteAsync(Parse(ReportBuilder.For(signer).Sign(signer)), CertificateBundle.Empty, RevocationRule.Preferred, Patient, caller);

    /// <summary>Completes, and expects that it cannot be done now.</summary>
    public async Task<KdsUnavailableException> FailAsync(SimulatedKey signer, RevocationRule revocation = RevocationRule.Preferred) =>
        await Assert.ThrowsAsync<KdsUnavailableException>(() => CompleteAsync(signer, revocation: revocation));

    /// <summary>Waits until the log tells that so many requests of a path have ended, and what follows from the last has been kept.</summary>
    public async Task LoggedAsync(string path, int times)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (Log.All.Count(line => line.Id == 3000 && line.Text.Contains(path, StringComparison.Ordinal)) < times)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), $"{path} was not asked for {times} times");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await SettledAsync();
    }

    /// <summary>Gives what is to follow its turns, so many that it has gone on even where this process was held up meanwhile.</summary>
    private static async Task SettledAsync()
    {
        for (int i = 0; i < 30; i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Completing fails, and the caller is told to come back after a time, of which so much is left as has not passed since.</summary>
    public async Task<KdsUnavailableException> FailForAsync(TimeSpan wait, SimulatedKey signer, Asker? asker = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        KdsUnavailableException fault = await FailAsync(signer, asker ?? Patient);
        TimeSpan most = TimeProvider.System.GetElapsedTime(start) + TimeSpan.FromSeconds(1);
        Assert.InRange(fault.RetryAfter!.Value, wait - most, wait);
        return fault;
    }

    public async ValueTask DisposeAsync()
    {
        Counts.Dispose();
        await _app.DisposeAsync();
        await Kds.DisposeAsync();
    }

    private static AttestationReport Parse(byte[] report)
    {
        Assert.True(AttestationReport.TryParse(report, out AttestationReport? parsed, out _));
        return parsed;
    }
}
