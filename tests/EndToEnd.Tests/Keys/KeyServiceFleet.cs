using Google.Rpc;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Kds;
using Verifier.TestKit.Redis;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Keys;

/// <summary>Three whole instances of the service on one real Redis, and one key service that all of them ask.</summary>
internal sealed class KeyServiceFleet : IAsyncDisposable
{
    private KeyServiceFleet(RedisServer redis, FakeKds kds, RunningService[] instances) => (Redis, Kds, Instances) = (redis, kds, instances);

    public RedisServer Redis { get; }

    public FakeKds Kds { get; }

    public IReadOnlyList<RunningService> Instances { get; }

    public static async Task<KeyServiceFleet> StartAsync(params string[] settings)
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        RedisServer redis = await RedisServer.StartAsync();
        FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(VirtualAmd.Milan);
        string[] all = [$"--Kds:BaseUrl={kds.BaseAddress}", "--Kds:TotalTimeout=00:00:20", "--Server:MaxStreamsPerConnection=1000", "--Server:DefaultDeadline=00:01:00", "--Store:Redis:CallTimeout=00:00:02", .. settings];
        RunningService[] instances = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunningService.StartAsync(redis, VirtualAmd.Milan.Roots, all)))];
        await Patience.EventuallyAsync(async () =>
        {
            await instances[0].RegisterAsync("guest", Scenario.Vcek().Report.Measurement);
            return true;
        });
        return new KeyServiceFleet(redis, kds, instances);
    }

    /// <summary>A guest on a chip of its own, known to the key service.</summary>
    public Scenario Guest(string chip)
    {
        SimulatedKey vcek = VirtualAmd.Milan.Vcek(SimulatedChip.Named(VirtualAmd.Milan.Product, chip));
        Kds.Publish(KdsPublishing.VcekPath(vcek.Chip, vcek.Tcb), vcek.Certificate);
        Scenario guest = Scenario.Vcek();
        return guest with { Leaf = vcek, Report = ReportBuilder.For(vcek) };
    }

    public int RequestsOf(Scenario guest) => Kds.RequestsOf(KdsPublishing.VcekPath(guest.Leaf.Chip, guest.Leaf.Tcb));

    /// <summary>Asks an instance until it has judged, as its answers say: no sooner than each tells. A deadline that a busy machine missed is tried again, too. No verdict but an accept is taken.</summary>
    public static async Task JudgedAsync(RunningService instance, VerifyRequest request, TimeSpan deadline, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                CallOptions call = new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + deadline, cancellationToken: cancellation);
                Assert.Equal(Outcome.Accepted, (await instance.Verifier.VerifyAsync(request, call)).Verdict.Outcome);
                return;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.DeadlineExceeded)
            {
                TimeSpan wait = e.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan() ?? TimeSpan.FromSeconds(1);
                await Task.Delay(wait, cancellation);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RunningService instance in Instances)
        {
            await instance.DisposeAsync();
        }

        await Kds.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
