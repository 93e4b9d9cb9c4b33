using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Verifier.Contracts.V1;
using Verifier.Service.Health;
using Verifier.Service.Registry;
using Verifier.TestKit;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;

namespace Verifier.Tests.Telemetry;

[Collection(nameof(Scraped))]
public sealed class CallMetricsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallThatCannotBeAnswered_IsCountedByItsReason_AloneAndInAStream()
    {
        await using TestService service = await TestService.StartAsync();
        using MetricsProbe probe = new(service.App.Services);
        service.Store.Fault = new StoreUnavailableException("away");

        await Assert.ThrowsAsync<RpcException>(async () => await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation));
        using AsyncDuplexStreamingCall<VerifyStreamRequest, VerifyStreamResponse> stream = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        await stream.RequestStream.WriteAsync(new() { Id = "one", Request = Requests.Verify() }, Cancellation);
        await stream.RequestStream.CompleteAsync();
        Assert.Single(await stream.ResponseStream.ReadAllAsync(Cancellation).ToArrayAsync(Cancellation));

        Assert.Equal(["reason=STORE_UNAVAILABLE", "reason=STORE_UNAVAILABLE"], probe.LabelsOf("verifier.calls.failed"));
    }

    [Fact]
    public async Task CallersOwnFaults_AreNotCountedAsOurs()
    {
        await using TestService service = await TestService.StartAsync();
        using MetricsProbe probe = new(service.App.Services);
        VerifyRequest malformed = Requests.Verify();
        malformed.Evidence.Snp.Report = Requests.Bytes(100);

        await Assert.ThrowsAsync<RpcException>(async () => await service.Verifier.VerifyAsync(malformed, cancellationToken: Cancellation));
        await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);

        Assert.Empty(probe.LabelsOf("verifier.calls.failed"));
        Assert.Empty(probe.LabelsOf("verifier.calls.shed"));
    }

    [Fact]
    public async Task CallThatIsToldToComeBack_IsCountedAsShed()
    {
        await using TestService service = await TestService.StartAsync(["--Challenges:MaxOutstanding=1"]);
        using MetricsProbe probe = new(service.App.Services);

        await service.Verifier.CreateChallengeAsync(new(), cancellationToken: Cancellation);
        await Assert.ThrowsAsync<RpcException>(async () => await service.Verifier.CreateChallengeAsync(new(), cancellationToken: Cancellation));

        Assert.Equal(["reason=TOO_MANY_CHALLENGES,lane=challenge"], probe.LabelsOf("verifier.calls.shed"));
        Assert.Equal(["use=issued", "use=refused"], probe.LabelsOf("verifier.challenges"));
    }

    [Fact]
    public async Task Challenge_IsCountedAsSpent_AndThenAsDead()
    {
        await using TestService service = await TestService.StartAsync();
        CreateChallengeResponse issued = await service.Verifier.CreateChallengeAsync(new(), cancellationToken: Cancellation);
        VerifyRequest request = Requests.Verify(Scenario.Vcek().WithReport(r => r with { ReportData = issued.Challenge.ToByteArray() }));
        request.Binding = new() { Challenge = new() { Challenge = issued.Challenge } };
        using MetricsProbe probe = new(service.App.Services);

        await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation);
        await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation);

        Assert.Equal(["use=spent", "use=dead"], probe.LabelsOf("verifier.challenges"));
    }

    [Fact]
    public async Task EveryReason_IsOneThatCallersAreTold()
    {
        await using TestService service = await TestService.StartAsync(["--Telemetry:MetricsPort=0"]);
        string errors = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "errors.md"), Cancellation);

        string[] reasons = [.. (await Scrape.SeriesAsync(service))
            .Where(s => s.StartsWith("verifier_calls_", StringComparison.Ordinal) && s.Contains("reason=", StringComparison.Ordinal))
            .Select(s => s.Split("reason=\"")[1].Split('"')[0])];

        Assert.True(reasons.Length > 15);
        Assert.All(reasons, r => Assert.Contains(r, errors, StringComparison.Ordinal));
    }

    [Fact]
    public async Task InFlight_IsThereFromTheStart_AndGoesBackToNothing()
    {
        await using TestService service = await TestService.StartAsync(["--Telemetry:MetricsPort=0"]);
        Assert.Equal(0, await Scrape.ValueAsync(service, "verifier_calls_in_flight"));
        TaskCompletionSource hold = new();
        service.Store.Delay = _ => hold.Task;

        AsyncUnaryCall<VerifyResponse> call = service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);
        using AsyncServerStreamingCall<Grpc.Health.V1.HealthCheckResponse> watch = service.Health.Watch(new(), cancellationToken: Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        while (service.Store.Lookups == 0)
        {
            await Task.Delay(10, Cancellation);
        }

        Assert.Equal(1, await Scrape.ValueAsync(service, "verifier_calls_in_flight"));
        hold.SetResult();
        await call;
        while (await Scrape.ValueAsync(service, "verifier_calls_in_flight") != 0)
        {
            await Task.Delay(10, Cancellation);
        }
    }

    [Fact]
    public async Task Health_IsShown()
    {
        await using TestService service = await TestService.StartAsync(["--Telemetry:MetricsPort=0"]);
        DependencyHealth health = service.App.Services.GetRequiredService<DependencyHealth>();
        health.Report(DependencyHealth.Kds, isServing: false);
        Assert.Equal((1, 1, 0), (
            await Scrape.ValueAsync(service, "verifier_serving"),
            await Scrape.ValueAsync(service, "verifier_selftest_passed"),
            await Scrape.ValueAsync(service, "verifier_dependency_serving{dependency=\"kds\"}")));

        health.Drain();

        Assert.Equal(0, await Scrape.ValueAsync(service, "verifier_serving"));
    }
}
