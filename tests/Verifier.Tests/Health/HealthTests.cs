using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Verifier.Service.Health;
using Verifier.Service.Registry;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;
using Status = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Verifier.Tests.Health;

public sealed class HealthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("verifier.v1.VerifierService")]
    [InlineData("verifier.v1.RegistryService")]
    public async Task Readiness_IsAboutThisProcessAlone(string name)
    {
        await using TestService service = await ProbedAsync();
        service.Store.Fault = new StoreUnavailableException("away");
        Dependencies(service).Report(DependencyHealth.Kds, isServing: false);
        await Probe(service).ProbeAsync(Cancellation);

        Assert.Equal(Status.Serving, await CheckAsync(service, name));
        Assert.Equal((Status.NotServing, Status.NotServing), (await CheckAsync(service, "store"), await CheckAsync(service, "kds")));
    }

    [Fact]
    public async Task Dependencies_ComeBack()
    {
        await using TestService service = await ProbedAsync();
        DependencyHealth dependencies = Dependencies(service);
        Assert.Equal(Status.Unknown, await CheckAsync(service, "kds"));
        service.Store.Fault = new StoreUnfitException("unfit");
        dependencies.Report(DependencyHealth.Kds, isServing: false);
        await Probe(service).ProbeAsync(Cancellation);
        Assert.Equal((Status.NotServing, Status.NotServing), (await CheckAsync(service, "store"), await CheckAsync(service, "kds")));

        service.Store.Fault = null;
        dependencies.Report(DependencyHealth.Kds, isServing: true);
        await Probe(service).ProbeAsync(Cancellation);

        Assert.Equal((Status.Serving, Status.Serving), (await CheckAsync(service, "store"), await CheckAsync(service, "kds")));
    }

    [Fact]
    public async Task WithoutAPassedSelfTest_TheServiceIsNotReady()
    {
        await using TestService service = await UntestedAsync();

        Assert.Equal(Status.NotServing, await CheckAsync(service, ""));
    }

    [Fact]
    public async Task WithoutAPassedSelfTest_NothingIsJudged_NorBelievedForTheRegistry()
    {
        await using TestService service = await UntestedAsync();

        RpcException verify = await Assert.ThrowsAsync<RpcException>(async () => await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation));
        RpcException observe = await Assert.ThrowsAsync<RpcException>(async () =>
            await service.Registry.ObserveReferenceValueAsync(Requests.Observe(), TestService.Registrar, cancellationToken: Cancellation));

        Assert.All([verify, observe], e => Assert.Equal("NOT_READY", e.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason));
        Assert.Empty((await service.Registry.ListReferenceValuesAsync(new(), cancellationToken: Cancellation)).ReferenceValues);
    }

    [Fact]
    public async Task UnknownName_IsNotFound()
    {
        await using TestService service = await TestService.StartAsync();

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => CheckAsync(service, "redis"));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    /// <summary>A service that has asked its store by itself once; until its clock is put forward it does not ask again.</summary>
    private static async Task<TestService> ProbedAsync()
    {
        TestService service = await TestService.StartAsync();
        for (int i = 0; await CheckAsync(service, "store") != Status.Serving; i++)
        {
            Assert.True(i < 3000, "The store was not asked.");
            await Task.Delay(10, Cancellation);
        }

        return service;
    }

    private static Task<TestService> UntestedAsync() => TestService.StartAsync(configure: builder =>
        builder.Services.Remove(builder.Services.Single(d => d.ImplementationType == typeof(SelfTestService))));

    private static DependencyHealth Dependencies(TestService service) => service.App.Services.GetRequiredService<DependencyHealth>();

    private static StoreProbe Probe(TestService service) => service.App.Services.GetServices<IHostedService>().OfType<StoreProbe>().Single();

    private static async Task<Status> CheckAsync(TestService service, string name) =>
        (await service.Health.CheckAsync(new HealthCheckRequest { Service = name }, cancellationToken: Cancellation)).Status;
}
