using System.Net;
using System.Net.Sockets;
using Verifier.EndToEnd.Tests.Running;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>F41, F42: nobody takes what the service tells of itself. Its answers do not wait for that, nor does its end.</summary>
public sealed class TelemetryFaultTests : IAsyncLifetime
{
    private readonly FaultBench _bench = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task F41_LogThatNobodyReads_HoldsUpNoAnswer()
    {
        // Many lines for each call: the pipe and the queue before it are full after a few dozen.
        ServiceProcess service = await _bench.StartAsync(new Surroundings { IsOutputRead = false }, "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace", "--Logging:LogLevel:Grpc=Trace");
        await FaultBench.RegisterAsync(service, 0);
        for (int i = 0; i < 150; i++)
        {
            await FaultBench.AcceptsAsync(service, 0);
        }

        Assert.Equal(0, await service.EndAsync());
        Assert.True(await service.UnreadOutputAsync() >= 60 << 10, "The pipe was never full: nothing was tried.");
    }

    [Fact]
    public async Task F42_CollectorThatHangs_HoldsUpNoAnswer()
    {
        using TcpListener collector = new(IPAddress.Loopback, 0);
        collector.Start();
        ServiceProcess service = await _bench.StartAsync(Surroundings.Usual, $"--Telemetry:OtlpEndpoint=http://{collector.LocalEndpoint}");
        await FaultBench.RegisterAsync(service, 0);
        for (int i = 0; i < 150; i++)
        {
            await FaultBench.AcceptsAsync(service, 0);
        }

        Assert.Equal(0, await service.EndAsync());
    }
}
