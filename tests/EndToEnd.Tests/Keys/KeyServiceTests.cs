using Grpc.Core;
using SevSnp.Launch;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Kds;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Keys;

/// <summary>The whole service against a stand-in for AMD's key service.</summary>
public sealed class KeyServiceTests
{
    [Fact]
    public async Task F22_ColdChip_IsFetchedOnceForFiftyCallers_AndThenNeedsNoNetwork()
    {
        Scenario guest = Scenario.Vcek();
        await using FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(guest.Amd, guest.Leaf);
        await using RunningService service = await StartAsync(kds, guest);

        AttestationVerdict[] verdicts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Patience.ThroughCrowdsAsync(() => service.VerifyAsync(Requests.Verify(guest)))));

        Assert.All(verdicts, v => Assert.Equal(Outcome.Accepted, v.Outcome));
        Assert.Equal(1, kds.RequestsOf(KdsPublishing.VcekPath(guest.Leaf.Chip, guest.Leaf.Tcb)));
        Assert.Equal(1, kds.RequestsOf(KdsPublishing.ChainPath(KeyKind.Vcek, guest.Amd.Product)));
        Assert.Equal(3, kds.TotalRequests);

        await kds.DisposeAsync();
        Assert.Equal(Outcome.Accepted, (await service.VerifyAsync(Requests.Verify(guest))).Outcome);
    }

    [Fact]
    public async Task F22_KeyServiceAway_IsUnavailableWithARetryHint_AndRecovers()
    {
        Scenario guest = Scenario.Vcek();
        await using FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(guest.Amd, guest.Leaf);
        kds.Misbehave(KdsBehaviours.Status(503));
        await using RunningService service = await StartAsync(kds, guest);

        await AssertUnavailableAsync(service, guest, "KDS_UNREACHABLE");

        kds.Behave();
        service.Clock.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(Outcome.Accepted, (await service.VerifyAsync(Requests.Verify(guest))).Outcome);
    }

    [Fact]
    public async Task F24_Throttled_IsUnavailableWithARetryHint()
    {
        Scenario guest = Scenario.Vcek();
        await using FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(guest.Amd, guest.Leaf);
        kds.Misbehave(KdsBehaviours.Throttled());
        await using RunningService service = await StartAsync(kds, guest, "--Kds:TotalTimeout=00:00:08");

        await AssertUnavailableAsync(service, guest, "KDS_THROTTLED");
    }

    [Fact]
    public async Task F25_UnknownChip_IsRejectedWithItsReason()
    {
        Scenario guest = Scenario.Vcek();
        await using FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(guest.Amd);
        await using RunningService service = await StartAsync(kds, guest);

        AttestationVerdict verdict = await service.VerifyAsync(Requests.Verify(guest));

        Assert.Equal(Outcome.Rejected, verdict.Outcome);
        Assert.Equal(AttestationVerdict.Types.Rejection.NotAuthentic, verdict.Rejection);
        Assert.Contains(verdict.Checks, c => c.Detail.Contains("KDS_NO_SUCH_CERTIFICATE", StringComparison.Ordinal));
    }

    private static async Task<RunningService> StartAsync(FakeKds kds, Scenario guest, params string[] settings)
    {
        // A machine that stands still for seconds must not look like a key service that does.
        RunningService service = await RunningService.StartAsync([$"--Kds:BaseUrl={kds.BaseAddress}", "--Kds:TotalTimeout=00:00:15", .. settings], guest.Roots);
        await service.RegisterAsync("guest", guest.Report.Measurement);
        return service;
    }

    private static async Task AssertUnavailableAsync(RunningService service, Scenario guest, string reason)
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => service.VerifyAsync(Requests.Verify(guest)));
        Google.Rpc.Status? status = failure.GetRpcStatus();
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal(reason, status?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason);
        Assert.True(status?.GetDetail<Google.Rpc.RetryInfo>()?.RetryDelay is { } delay && delay.ToTimeSpan() >= TimeSpan.FromSeconds(1));
    }
}
