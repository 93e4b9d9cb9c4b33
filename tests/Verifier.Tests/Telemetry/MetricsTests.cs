using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;
using Verifier.Tests.Web;

namespace Verifier.Tests.Telemetry;

public sealed class MetricsTests
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(b => b, b => b);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_AreMeasuredByMethodAndStatus_AlsoThoseThatNoMethodSaw()
    {
        await using TestService service = await TestService.StartAsync();
        using MetricsProbe probe = new(service.App.Services);

        await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);
        await SettledAsync(probe, "rpc.server.call.duration", 1);
        await FailAsync(service, "verifier.v1.VerifierService", "Verify", [0x0A, 0xFF]);
        await SettledAsync(probe, "rpc.server.call.duration", 2);
        await FailAsync(service, "verifier.v1.VerifierService", "Verify", new byte[600_000]);

        string prefix = "rpc.system.name=grpc,rpc.method=verifier.v1.VerifierService/Verify,rpc.status_code=";
        Assert.Equal(
            [prefix + "OK", prefix + "INVALID_ARGUMENT,error.type=INVALID_ARGUMENT", prefix + "RESOURCE_EXHAUSTED,error.type=RESOURCE_EXHAUSTED"],
            await SettledAsync(probe, "rpc.server.call.duration", 3));
    }

    [Fact]
    public async Task JsonCalls_AreMeasuredByTheSameNames()
    {
        await using TestService service = await WebCalls.StartAsync();
        using MetricsProbe probe = new(service.App.Services);

        await service.PostAsync(WebCalls.VerifyPath, WebCalls.Question());
        await SettledAsync(probe, "rpc.server.call.duration", 1);
        await service.PostAsync(WebCalls.VerifyPath, "{");
        await SettledAsync(probe, "rpc.server.call.duration", 2);
        await service.PostAsync("/v1/tenants/nobody:verify", WebCalls.Question());
        await SettledAsync(probe, "rpc.server.call.duration", 3);
        await service.GetAsync("/v1/nothing");

        string prefix = "rpc.system.name=grpc,rpc.method=verifier.v1.VerifierService/Verify,rpc.status_code=";
        Assert.Equal(
            [
                prefix + "OK", prefix + "INVALID_ARGUMENT,error.type=INVALID_ARGUMENT", prefix + "NOT_FOUND,error.type=NOT_FOUND",
                "rpc.system.name=grpc,rpc.method=_OTHER,rpc.status_code=UNIMPLEMENTED,error.type=UNIMPLEMENTED",
            ],
            await SettledAsync(probe, "rpc.server.call.duration", 4));
    }

    [Fact]
    public async Task Verdicts_AreCountedByOutcomeFirstFailedCheckAndTenant()
    {
        await using TestService service = await TestService.StartAsync();
        using MetricsProbe probe = new(service.App.Services);
        await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);
        await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);

        Assert.Equal(
            ["outcome=refused,reason=MEASUREMENT_IS_REGISTERED,tenant=default", "outcome=accepted,reason=none,tenant=default"], await SettledAsync(probe, "verifier.verdicts", 2));
    }

    [Fact]
    public async Task T112_CallersText_NeverBecomesALabel()
    {
        await using TestService service = await TestService.StartAsync();
        using MetricsProbe probe = new(service.App.Services);
        for (int i = 0; i < 100; i++)
        {
            await FailAsync(service, $"random.Service{i}", $"Random{i}", []);
            VerifyRequest request = Requests.Verify();
            request.Tenant = $"random-{i}";
            await Assert.ThrowsAsync<RpcException>(async () => await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation));
        }

        await SettledAsync(probe, "rpc.server.call.duration", 200);
        Assert.DoesNotContain(probe.Seen, s => s.Labels.Contains("random", StringComparison.OrdinalIgnoreCase));
        Assert.InRange(probe.LabelsOf("rpc.server.call.duration").Distinct().Count(), 2, 2);
    }

    // A call is measured after its answer was sent, and so perhaps after the next one, which must not begin before.
    private static async Task<string[]> SettledAsync(MetricsProbe probe, string instrument, int count)
    {
        while (probe.LabelsOf(instrument).Count() < count)
        {
            await Task.Delay(10, Cancellation);
        }

        return [.. probe.LabelsOf(instrument)];
    }

    private static async Task FailAsync(TestService service, string name, string method, byte[] message) =>
        await Assert.ThrowsAsync<RpcException>(async () => await service.Channel().CreateCallInvoker().AsyncUnaryCall(
            new Method<byte[], byte[]>(MethodType.Unary, name, method, Raw, Raw), null, new CallOptions(cancellationToken: Cancellation), message));
}
