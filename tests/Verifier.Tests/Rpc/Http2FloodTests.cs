using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Verifier.Contracts.V1;
using Verifier.Service.Admission;
using Verifier.Tests.Hosting;
using Verifier.Tests.Telemetry;

namespace Verifier.Tests.Rpc;

/// <summary>Frames without end on one connection: what the server does of them, and that others are served meanwhile and after.</summary>
public sealed class Http2FloodTests
{
    // Kestrel says so in the log.
    private const int ConnectionCut = 60;

    private const int MostResets = 500_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task T95_RapidReset_IsCut_AndLeavesNothingBehind()
    {
        await using TestService service = await TestService.StartAsync();
        service.ExpectedErrors.Add(ConnectionCut);
        using RawHttp2 raw = await RawHttp2.OpenAsync(new Uri(service.Address));

        int resets = 0;
        // Far more than fit into all buffers on the way: whoever gets rid of them all was not cut.
        for (int stream = 1; resets < MostResets && await raw.TrySendAsync([.. RawHttp2.Headers(stream, isWhole: true), .. RawHttp2.Reset(stream)]); stream += 2)
        {
            resets++;
        }

        await raw.Closed.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.InRange(resets, 1, MostResets - 1);
        await ServedAsync(service);
        AdmissionGate gate = service.App.Services.GetRequiredService<AdmissionGate>();
        for (int i = 0; gate.InFlight.Calls > 0; i++)
        {
            Assert.True(i < 1000, $"{gate.InFlight} are left");
            await Task.Delay(10, Cancellation);
        }
    }

    [Theory]
    [InlineData("PING")]
    [InlineData("SETTINGS")]
    public async Task T96_FloodOfControlFrames_KeepsNobodyElseFromBeingServed(string kind)
    {
        await using TestService service = await TestService.StartAsync();
        using RawHttp2 raw = await RawHttp2.OpenAsync(new Uri(service.Address));
        byte[] hundred = [.. Enumerable.Repeat(kind == "PING" ? RawHttp2.Ping() : RawHttp2.Settings(), 100).SelectMany(f => f)];

        for (int i = 0; i < 200 && await raw.TrySendAsync(hundred); i++)
        {
            if (i % 50 == 0)
            {
                await ServedAsync(service);
            }
        }

        await ServedAsync(service);
    }

    [Fact]
    public async Task T97_FloodOfContinuations_EndsTheConnection()
    {
        await using TestService service = await TestService.StartAsync();
        using RawHttp2 raw = await RawHttp2.OpenAsync(new Uri(service.Address));
        await raw.TrySendAsync(RawHttp2.Headers(1, isWhole: false));

        for (int i = 0; i < 2000 && await raw.TrySendAsync(RawHttp2.Continuation(1, 1024)); i++)
        {
        }

        await raw.Closed.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await ServedAsync(service);
    }

    [Fact]
    public async Task T99_OneAddress_CannotHaveAllConnections_AndProbesAreForeverAnswered()
    {
        await using TestService service = await TestService.StartAsync(["--Server:MaxConnections=4", "--Server:ProbePort=0"]);
        using MetricsProbe probe = new(service.App.Services);
        Uri address = new(service.Address);
        using RawHttp2 first = await RawHttp2.OpenAsync(address);
        using RawHttp2 second = await RawHttp2.OpenAsync(address);
        await Task.WhenAll(first.Served, second.Served).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        using RawHttp2? third = await RawHttp2.TryOpenAsync(address);

        await (third?.Closed ?? Task.CompletedTask).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.False(third?.Served.IsCompleted ?? false);
        Assert.Single(probe.LabelsOf("verifier.connections.refused"));
        Assert.False(first.Closed.IsCompleted || second.Closed.IsCompleted);
        await new Grpc.Health.V1.Health.HealthClient(service.Channel(service.App.Urls.ElementAt(1))).CheckAsync(new(), cancellationToken: Cancellation);
        first.Dispose();
        await ServedSoonAsync(service);
    }

    /// <summary>The server needs a moment to see that a connection has ended.</summary>
    private static async Task ServedSoonAsync(TestService service)
    {
        for (long start = Environment.TickCount64; ;)
        {
            try
            {
                await ServedAsync(service);
                return;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable && Environment.TickCount64 - start < 30_000)
            {
                await Task.Delay(20, Cancellation);
            }
        }
    }

    private static async Task ServedAsync(TestService service)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(service.Address);
        VerifierService.VerifierServiceClient verifier = new(channel);
        Assert.NotNull((await verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation).ResponseAsync.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)).Verdict);
    }
}
