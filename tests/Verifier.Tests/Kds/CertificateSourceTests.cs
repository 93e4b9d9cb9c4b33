using SevSnp.Certificates;
using SevSnp.Launch;
using SevSnp.Verification;
using Verifier.Service.Kds;
using Verifier.TestKit;
using Verifier.TestKit.Kds;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Verifier.Tests.Kds;

public sealed class CertificateSourceTests
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;

    [Theory]
    [InlineData(ProductLine.Milan)]
    [InlineData(ProductLine.Genoa)]
    [InlineData(ProductLine.Turin)]
    public async Task ColdChip_IsCompletedFromTheKeyService(ProductLine product)
    {
        VirtualAmd amd = VirtualAmd.For(product);
        SimulatedKey vcek = amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);

        Evidence evidence = await bench.CompleteAsync(vcek);

        Authentication judged = Authenticator.Authenticate(evidence, amd.Roots, bench.Clock.GetUtcNow());
        Assert.NotNull(judged.Verified);
        Assert.Equal(RevocationStatus.NotRevoked, judged.Endorsement!.Revocation);
        Assert.Equal(3, bench.Kds.TotalRequests);
        Assert.Equal(ServingStatus.Serving, await bench.HealthAsync());
    }

    [Fact]
    public async Task FiftyCallsForAColdChip_FetchOnce()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        TaskCompletionSource gate = new();
        bench.Kds.Misbehave(KdsBehaviours.After(gate.Task));

        Task<Evidence>[] calls = [.. Enumerable.Range(0, 50).Select(_ => bench.CompleteAsync(vcek))];
        gate.SetResult();
        Evidence[] all = await Task.WhenAll(calls);

        Assert.All(all, e => Assert.NotNull(e.Certificates.Find(CertificateRole.Vcek)));
        Assert.Equal(1, bench.Kds.RequestsOf(KdsPublishing.VcekPath(vcek.Chip, vcek.Tcb)));
        Assert.Equal(3, bench.Kds.TotalRequests);
    }

    [Fact]
    public async Task CallerWhoLookedJustBeforeAnotherHadIt_DoesNotAskAgain()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        Task<Evidence>? other = null;
        int held = 0;

        // The first caller has missed the memory and is held up, until another has asked and had all answers.
        bench.Counts.OnCount = name =>
        {
            if (name == "verifier.cache.lookups{cache=certificates_memory,hit=False}" && Interlocked.Exchange(ref held, 1) == 0)
            {
                other = Task.Run(() => bench.CompleteAsync(vcek));
                ((IAsyncResult)other).AsyncWaitHandle.WaitOne();
            }
        };
        await bench.CompleteAsync(vcek);

        Assert.NotNull(await other!);
        Assert.Equal(3, bench.Kds.TotalRequests);
        Assert.Equal(0, bench.Counts["verifier.cache.lookups{cache=certificates_shared,hit=True}"]);
    }

    [Fact]
    public async Task WarmChip_NeedsNoNetwork()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        await bench.CompleteAsync(vcek);
        await bench.Kds.StopAsync();

        Evidence evidence = await bench.CompleteAsync(vcek);

        Assert.NotNull(Authenticator.Authenticate(evidence, Amd.Roots, bench.Clock.GetUtcNow()).Verified);
    }

    [Fact]
    public async Task CallerWhoLeaves_DoesNotEndTheFetchForOthers()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        TaskCompletionSource gate = new();
        bench.Kds.Misbehave(KdsBehaviours.After(gate.Task));
        using CancellationTokenSource leaves = new();

        Task<Evidence> first = bench.CompleteAsync(vcek, leaves.Token);
        Task<Evidence> second = bench.CompleteAsync(vcek);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        Assert.NotNull((await second).Certificates.Find(CertificateRole.Vcek));
        Assert.Equal(1, bench.Kds.RequestsOf(KdsPublishing.VcekPath(vcek.Chip, vcek.Tcb)));
    }

    [Fact]
    public async Task PresentedLeaf_IsNotAskedFor()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);

        Evidence evidence = await bench.CompleteAsync(vcek, CertificateBundle.FromDer([vcek.Certificate]));

        Assert.Equal(0, bench.Kds.RequestsOf(KdsPublishing.VcekPath(vcek.Chip, vcek.Tcb)));
        Assert.NotNull(Authenticator.Authenticate(evidence, Amd.Roots, bench.Clock.GetUtcNow()).Verified);
    }

    [Fact]
    public async Task PresentedIntermediate_IsNeverDoubled()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);

        // Signed by nobody who is trusted, so that the root is looked for; the intermediate stays the one that was presented.
        byte[] foreign = LookAlike.Milan.Ask.Certificate;
        Evidence evidence = await bench.CompleteAsync(vcek, CertificateBundle.FromDer([vcek.Certificate, foreign]));

        AmdCertificate ask = Assert.Single(evidence.Certificates.Certificates, c => c.Role == CertificateRole.Ask);
        Assert.Equal(foreign, ask.Der.ToArray());
        Assert.NotNull(evidence.Certificates.Find(CertificateRole.Ark));
    }

    [Fact]
    public async Task CompleteEvidence_NeedsNoKeyService()
    {
        Scenario scenario = Scenario.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync();
        await bench.Kds.StopAsync();

        Evidence evidence = await bench.CompleteAsync(scenario.SignReport(), scenario.Bundle);

        Assert.NotNull(Authenticator.Authenticate(evidence, Amd.Roots, bench.Clock.GetUtcNow()).Verified);
    }

    [Fact]
    public async Task VlekWithoutChain_GetsAsvkAndArk()
    {
        SimulatedKey vlek = Amd.Vlek();
        await using KdsBench bench = await KdsBench.StartAsync();

        Evidence evidence = await bench.CompleteAsync(vlek, CertificateBundle.FromDer([vlek.Certificate]));

        Assert.NotNull(evidence.Certificates.Find(CertificateRole.Asvk));
        Assert.NotNull(Authenticator.Authenticate(evidence, Amd.Roots, bench.Clock.GetUtcNow()).Verified);
    }

    [Fact]
    public async Task MissingVlek_IsSaidAndNeverAskedFor() =>
        await IsNeverAskedAsync(Amd.Vlek(), report => report, "VLEK");

    [Fact]
    public async Task MaskedChip_IsSaidAndNeverAskedFor() =>
        await IsNeverAskedAsync(Amd.Vcek(), report => report with { ChipId = new byte[64] }, "masked");

    [Fact]
    public async Task Version2WithoutLeaf_IsSaidAndNeverAskedFor() =>
        await IsNeverAskedAsync(Amd.Vcek(), report => report with { Version = 2, PlatformInfo = 1 }, "version 2");

    [Fact]
    public async Task UnknownCpu_IsSaidAndNeverAskedFor() =>
        await IsNeverAskedAsync(Amd.Vcek(), report => report with { Cpu = new CpuSignature(0x1A, 0x50, 0) }, "not known");

    [Fact]
    public async Task TurinChipIdWithMoreThanEightBytes_IsSaidAndNeverAskedFor() =>
        await IsNeverAskedAsync(VirtualAmd.Turin.Vcek(), report => report with { ChipId = [.. report.ChipId[..63], 1] }, "8 bytes");

    [Fact]
    public async Task Version2WithLeaf_GetsChainOfTheLeaf()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync();

        Evidence evidence = await bench.CompleteAsync(ReportBuilder.For(vcek, 2).Sign(vcek), CertificateBundle.FromDer([vcek.Certificate]));

        Assert.NotNull(Authenticator.Authenticate(evidence, Amd.Roots, bench.Clock.GetUtcNow()).Verified);
    }

    [Fact]
    public async Task T13_UnsignedReport_AsksNobody()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);

        Evidence evidence = await bench.CompleteAsync((ReportBuilder.For(vcek) with { SigningKey = 7 }).Sign(vcek));

        Assert.Null(evidence.MissingLeafReason);
        Assert.Equal(0, bench.Kds.TotalRequests);
    }

    [Fact]
    public async Task T100_UnreadableCertificate_AsksNobody()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);

        await bench.CompleteAsync(vcek, CertificateBundle.FromDer([new byte[] { 0x30, 0x00 }]));

        Assert.Equal(0, bench.Kds.TotalRequests);
    }

    [Fact]
    public async Task Offline_ColdChipIsAnOperatorsMatter()
    {
        SimulatedKey vcek = Amd.Vcek();
        FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(Amd, vcek);
        await using KdsBench bench = KdsBench.For(kds, Amd.Roots, null, ("Mode", "Offline"));

        KdsUnavailableException fault = await bench.FailAsync(vcek);

        Assert.Equal("KDS_OFFLINE", fault.Reason);
        Assert.Null(fault.RetryAfter);
        Assert.Equal(0, kds.TotalRequests);
    }

    private static async Task IsNeverAskedAsync(SimulatedKey signer, Func<ReportBuilder, ReportBuilder> change, string reason)
    {
        await using KdsBench bench = await KdsBench.StartAsync(signer.Kind == KeyKind.Vlek ? [] : [signer]);
        Evidence evidence = await bench.CompleteAsync(change(ReportBuilder.For(signer)).Sign(signer));
        Assert.Contains(reason, evidence.MissingLeafReason, StringComparison.Ordinal);
        Assert.Equal(0, bench.Kds.TotalRequests);
    }
}
