using SevSnp.Certificates;
using SevSnp.Verification;
using Verifier.Service.Kds;
using Verifier.Service.Registry;
using Verifier.TestKit;
using Verifier.TestKit.Kds;

namespace Verifier.Tests.Kds;

/// <summary>The line before the key service: how far apart requests are, who waits, and who is told at once not to.</summary>
public sealed class SpacingTests
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(10.5);
    private static readonly Asker Hurried = new("default", "one", TimeSpan.FromSeconds(2));
    private static readonly Asker Other = new("default", "other", TimeSpan.FromSeconds(2));

    [Fact]
    public async Task FirstChip_GetsLeafChainAndListWithoutWaiting()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await StartAsync([vcek]);

        Evidence evidence = await bench.CompleteAsync(vcek, Hurried with { Patience = TimeSpan.FromSeconds(9) });

        Assert.NotNull(evidence.Certificates.Find(CertificateRole.Vcek));
        Assert.Single(evidence.Certificates.RevocationLists);
        Assert.Equal(3, bench.Kds.TotalRequests);
    }

    [Fact]
    public async Task F24_SecondChip_IsToldAtOnceAndIsThereWhenTheCallerComesBack()
    {
        SimulatedKey[] chips = Chips(2);
        await using KdsBench bench = await StartAsync(chips);
        await bench.CompleteAsync(chips[0]);

        KdsUnavailableException told = await bench.FailAsync(chips[1], Hurried);

        Assert.Equal("KDS_BUSY", told.Reason);
        Assert.InRange(told.RetryAfter!.Value, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
        Assert.Equal(0, Requests(bench, chips[1]));
        bench.Clock.Advance(Turn);
        await bench.LoggedAsync(KdsPublishing.VcekPath(chips[1].Chip, chips[1].Tcb), 1);
        Assert.NotNull((await bench.CompleteAsync(chips[1], Hurried)).Certificates.Find(CertificateRole.Vcek));
        Assert.Equal(1, Requests(bench, chips[1]));
        Assert.Equal(1, bench.Counts["verifier.kds.refused{reason=busy}"]);
    }

    [Fact]
    public async Task F22_EvidenceWithItsCertificates_WaitsForNoTurn()
    {
        SimulatedKey[] chips = Chips(2);
        await using KdsBench bench = await StartAsync(chips);
        await bench.CompleteAsync(chips[0]);
        await bench.FailAsync(chips[1], Hurried);

        Evidence evidence = await bench.CompleteAsync(chips[1], Hurried, CertificateBundle.FromDer([chips[1].Certificate]));

        Assert.NotNull(evidence.Certificates.Find(CertificateRole.Ask));
        Assert.Equal(0, Requests(bench, chips[1]));
    }

    [Fact]
    public async Task T101_CallerWithManyChips_NeitherFillsTheLineNorGoesAheadOfOthers()
    {
        SimulatedKey[] chips = Chips(6);
        await using KdsBench bench = await StartAsync(chips, ("MaxPendingChipsPerCaller", "3"), ("MaxPendingChips", "4"));
        await bench.CompleteAsync(chips[0]);
        foreach (SimulatedKey chip in chips[1..4])
        {
            Assert.Equal("KDS_BUSY", (await bench.FailAsync(chip, Hurried)).Reason);
        }

        KdsUnavailableException limit = await bench.FailAsync(chips[4], Hurried);
        Assert.Equal("KDS_CALLER_LIMIT", limit.Reason);
        Assert.NotNull(limit.RetryAfter);
        Assert.Equal("KDS_BUSY", (await bench.FailAsync(chips[5], Other)).Reason);
        Assert.Equal("KDS_BUSY", (await bench.FailAsync(chips[4], Other)).Reason);

        // The caller with one chip stands behind the first of the caller with three, and before the rest.
        await TurnAsync(bench, chips[1]);
        Assert.Equal(0, Requests(bench, chips[5]));
        await TurnAsync(bench, chips[5]);
        Assert.Equal(0, Requests(bench, chips[2]));
    }

    [Fact]
    public async Task T101_TenantWithManyCallers_DoesNotFillTheLine()
    {
        SimulatedKey[] chips = Chips(4);
        await using KdsBench bench = await StartAsync(chips, ("MaxPendingChipsPerTenant", "2"), ("MaxPendingChips", "4"));
        await bench.CompleteAsync(chips[0]);
        await bench.FailAsync(chips[1], Hurried);
        await bench.FailAsync(chips[2], Other);

        Assert.Equal("KDS_CALLER_LIMIT", (await bench.FailAsync(chips[3], new Asker("default", "third", TimeSpan.FromSeconds(2)))).Reason);
        Assert.Equal("KDS_BUSY", (await bench.FailAsync(chips[3], new Asker("another", "third", TimeSpan.FromSeconds(2)))).Reason);
    }

    [Fact]
    public async Task F24_UnavailableUntilLater_IsHonoured()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await StartAsync([vcek]);
        bench.Kds.Misbehave((context, genuine) =>
        {
            context.Response.Headers.RetryAfter = "40";
            return KdsBehaviours.Status(503)(context, genuine);
        }, "?blSPL");

        KdsUnavailableException told = await bench.FailAsync(vcek, Hurried);

        Assert.Equal("KDS_THROTTLED", told.Reason);
        Assert.InRange(told.RetryAfter!.Value, TimeSpan.FromSeconds(35), TimeSpan.FromSeconds(41));
        Assert.Equal(1, Requests(bench, vcek));
    }

    [Fact]
    public async Task F25_ServerError_IsNotRepeatedInTheSameTurn()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await StartAsync([vcek]);
        bench.Kds.Misbehave(KdsBehaviours.Status(500), "?blSPL");

        Assert.Equal("KDS_UNREACHABLE", (await bench.FailAsync(vcek)).Reason);

        Assert.Equal(1, Requests(bench, vcek));
    }

    [Fact]
    public async Task StoreAway_GoesOnAloneWithItsOwnSpacing()
    {
        SimulatedKey[] chips = Chips(2);
        FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(Amd, chips);
        await using KdsBench bench = KdsBench.For(kds, Amd.Roots, new MemoryCertificateCache { IsDown = true }, new FleetAway(), ("Spacing", "00:00:10"));

        Assert.NotNull((await bench.CompleteAsync(chips[0])).Certificates.Find(CertificateRole.Vcek));
        Assert.Equal("KDS_BUSY", (await bench.FailAsync(chips[1], Hurried)).Reason);

        Assert.True(bench.Counts["verifier.kds.alone{}"] > 0);
        Assert.Equal(0, Requests(bench, chips[1]));
    }

    [Theory]
    [InlineData("KDS_NO_SUCH_CERTIFICATE 99999999999999", true)]
    [InlineData("KDS_NO_SUCH_CERTIFICATE", false)]
    [InlineData("ACCEPTED 99999999999999", false)]
    [InlineData("KDS_NO_SUCH_CERTIFICATE -5", false)]
    public async Task T34_MarkOfAnotherInstance_CanOnlyRefuse(string mark, bool isTaken)
    {
        SimulatedKey vcek = Amd.Vcek();
        FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(Amd, vcek);
        await using KdsBench bench = KdsBench.For(kds, Amd.Roots, null, new FleetWithMark(mark), ("Spacing", "00:00:00"));

        Evidence? evidence = null;
        try
        {
            evidence = await bench.CompleteAsync(vcek, Hurried, Chain());
        }
        catch (KdsUnavailableException e)
        {
            Assert.Equal("KDS_BUSY", e.Reason);
        }

        Assert.Equal(isTaken, evidence is not null);
        Assert.Null(evidence?.Certificates.Find(CertificateRole.Vcek));
        Assert.Equal(0, Requests(bench, vcek));
    }

    private static CertificateBundle Chain() => CertificateBundle.FromDer([Amd.Ask.Certificate, Amd.Ark.Certificate]);

    private static SimulatedKey[] Chips(int count) => [.. Enumerable.Range(0, count).Select(i => Amd.Vcek(SimulatedChip.Named(Amd.Product, $"spaced {i}")))];

    private static int Requests(KdsBench bench, SimulatedKey vcek) => bench.Kds.RequestsOf(KdsPublishing.VcekPath(vcek.Chip, vcek.Tcb));

    private static async Task TurnAsync(KdsBench bench, SimulatedKey served)
    {
        bench.Clock.Advance(Turn);
        await bench.LoggedAsync(KdsPublishing.VcekPath(served.Chip, served.Tcb), 1);
    }

    private static async Task<KdsBench> StartAsync(SimulatedKey[] chips, params (string Name, string Value)[] settings)
    {
        FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(Amd, chips);
        return KdsBench.For(kds, Amd.Roots, null, [("Spacing", "00:00:10"), .. settings]);
    }

    private sealed class FleetAway : IKdsFleet
    {
        public Task<KdsLease> TryLeaseAsync(string key, string holder, TimeSpan life, CancellationToken cancellation) => throw Away();

        public Task RenewLeaseAsync(string key, TimeSpan life, CancellationToken cancellation) => throw Away();

        public Task EndLeaseAsync(string key, string? mark, TimeSpan life, CancellationToken cancellation) => throw Away();

        public Task<TimeSpan> TryTakeTurnAsync(KdsLane lane, TimeSpan spacing, CancellationToken cancellation) => throw Away();

        public Task<TimeSpan> PauseLeftAsync(CancellationToken cancellation) => throw Away();

        public Task PauseAsync(TimeSpan length, CancellationToken cancellation) => throw Away();

        private static StoreUnavailableException Away() => new("simulated outage");
    }

    // Every lease is another's, with what it left.
    private sealed class FleetWithMark(string mark) : IKdsFleet
    {
        public Task<KdsLease> TryLeaseAsync(string key, string holder, TimeSpan life, CancellationToken cancellation) => Task.FromResult(new KdsLease(IsOurs: false, mark));

        public Task RenewLeaseAsync(string key, TimeSpan life, CancellationToken cancellation) => Task.CompletedTask;

        public Task EndLeaseAsync(string key, string? mark, TimeSpan life, CancellationToken cancellation) => Task.CompletedTask;

        public Task<TimeSpan> TryTakeTurnAsync(KdsLane lane, TimeSpan spacing, CancellationToken cancellation) => Task.FromResult(TimeSpan.Zero);

        public Task<TimeSpan> PauseLeftAsync(CancellationToken cancellation) => Task.FromResult(TimeSpan.Zero);

        public Task PauseAsync(TimeSpan length, CancellationToken cancellation) => Task.CompletedTask;
    }
}
