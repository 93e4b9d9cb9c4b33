using SevSnp.Launch;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Kds;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Keys;

/// <summary>T15: a complete chain that looks like AMD's in everything but its keys comes through no door of the service.</summary>
public sealed class LookAlikeTests
{
    // A second hierarchy of the same names. The service trusts AMD and, to show that a right chain passes, the first one.
    private static readonly Lazy<VirtualAmd> LookAlike = new(() => VirtualAmd.Create(ProductLine.Milan));

    private static Scenario Guest => Scenario.Of(LookAlike.Value);

    [Fact]
    public async Task T15_ThroughTheEvidence_IsRefused()
    {
        await using RunningService service = await StartAsync();
        AssertRootIsNotPinned(await service.VerifyAsync(Requests.Verify(Guest, Guest.Certificates)));
    }

    [Fact]
    public async Task T15_ThroughTheCertificateTable_IsRefused()
    {
        await using RunningService service = await StartAsync();
        VerifyRequest request = Requests.Verify(Guest);
        request.Evidence.Snp.Table = Google.Protobuf.ByteString.CopyFrom(Guest.Table.Build());
        AssertRootIsNotPinned(await service.VerifyAsync(request));
    }

    [Fact]
    public async Task T15_ThroughTheKeyService_GivesNoVerdictAndIsNotKept()
    {
        await using FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(LookAlike.Value, Guest.Leaf);
        await using RunningService service = await StartAsync($"--Kds:BaseUrl={kds.BaseAddress}");

        await AssertNoAcceptAsync(service, Requests.Verify(Guest));

        // The genuine chain is asked for again: nothing of the other one was kept.
        Scenario genuine = Scenario.Vcek();
        kds.Publish(genuine.Amd, genuine.Leaf);
        service.Clock.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(Outcome.Accepted, (await service.VerifyAsync(Requests.Verify(genuine))).Outcome);
    }

    [Fact]
    public async Task T15_LeafOfTheLookAlike_WithTheTrustedAuthorities_IsRefused()
    {
        await using RunningService service = await StartAsync();
        Scenario trusted = Scenario.Vcek();
        AttestationVerdict verdict = await service.VerifyAsync(Requests.Verify(Guest, [Guest.Leaf.Certificate, trusted.Issuer, trusted.Root]));
        Assert.Equal(Outcome.Rejected, verdict.Outcome);
        Assert.Equal(AttestationVerdict.Types.Rejection.NotAuthentic, verdict.Rejection);
    }

    private static async Task<RunningService> StartAsync(params string[] settings)
    {
        RunningService service = await RunningService.StartAsync(settings, VirtualAmd.Milan.Roots);
        await service.RegisterAsync("guest", Guest.Report.Measurement);
        return service;
    }

    private static void AssertRootIsNotPinned(AttestationVerdict verdict)
    {
        Assert.Equal(Outcome.Rejected, verdict.Outcome);
        Assert.Equal(AttestationVerdict.Types.Rejection.NotAuthentic, verdict.Rejection);
        Assert.Equal(["ROOT_IS_PINNED"], verdict.Failed());
    }

    private static async Task AssertNoAcceptAsync(RunningService service, VerifyRequest request)
    {
        Grpc.Core.RpcException failure = await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => service.VerifyAsync(request));
        Assert.Equal(Grpc.Core.StatusCode.Unavailable, failure.StatusCode);
    }
}
