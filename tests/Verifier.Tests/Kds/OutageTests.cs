using SevSnp.Certificates;
using SevSnp.Verification;
using Verifier.Service.Kds;
using Verifier.TestKit;
using Verifier.TestKit.Kds;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Verifier.Tests.Kds;

/// <summary>What happens when the key service is away, throttles, or has no such certificate: three things that are never mixed up.</summary>
public sealed class OutageTests
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;

    public static TheoryData<string> Outages => ["500", "503", "cut", "hang", "slow", "gone"];

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task F22_F26_Outage_IsUnavailableAndPasses(string kind)
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartImpatientAsync(vcek);
        await BreakAsync(bench.Kds, kind);

        KdsUnavailableException fault = await bench.FailForAsync(TimeSpan.FromSeconds(10), vcek);

        Assert.Equal("KDS_UNREACHABLE", fault.Reason);
        Assert.Equal(ServingStatus.NotServing, await bench.HealthAsync());
        Assert.Empty(bench.Cache.Entries);
    }

    [Fact]
    public async Task F22_WarmChip_IsUnaffectedByAnOutage()
    {
        SimulatedKey warm = Amd.Vcek();
        SimulatedKey cold = Amd.Vcek(SimulatedChip.Named(Amd.Product, "cold"));
        await using KdsBench bench = await KdsBench.StartAsync(warm, cold);
        await bench.CompleteAsync(warm);
        await bench.Kds.StopAsync();

        await bench.FailAsync(cold);

        Assert.NotNull((await bench.CompleteAsync(warm)).Certificates.Find(CertificateRole.Vcek));
    }

    [Fact]
    public async Task F23_HungKeyService_IsGivenUpInTime()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartImpatientAsync(vcek);
        bench.Kds.Misbehave(KdsBehaviours.Hang);
        long start = TimeProvider.System.GetTimestamp();

        await bench.FailAsync(vcek);

        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Outage_IsRememberedForAsLongAsCallersAreToldToWait()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        bench.Kds.Misbehave(KdsBehaviours.Status(500), "?blSPL");
        await bench.FailAsync(vcek);
        bench.Kds.Behave();
        string path = KdsPublishing.VcekPath(vcek.Chip, vcek.Tcb);
        Assert.Equal(2, bench.Kds.RequestsOf(path));

        await bench.FailAsync(vcek);
        Assert.Equal(2, bench.Kds.RequestsOf(path));

        bench.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull((await bench.CompleteAsync(vcek)).Certificates.Find(CertificateRole.Vcek));
        Assert.Equal(ServingStatus.Serving, await bench.HealthAsync());
    }

    [Fact]
    public async Task PassingFault_IsRepeatedOnce()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        string path = KdsPublishing.VcekPath(vcek.Chip, vcek.Tcb);
        bench.Kds.Misbehave((context, genuine) => bench.Kds.RequestsOf(path) > 1 ? KdsBehaviours.Genuine(context, genuine) : KdsBehaviours.Status(502)(context, genuine), "?blSPL");

        Assert.NotNull((await bench.CompleteAsync(vcek)).Certificates.Find(CertificateRole.Vcek));
        Assert.Equal(2, bench.Kds.RequestsOf(path));
    }

    [Fact]
    public async Task F23_FiveFailures_OpenTheCircuit()
    {
        SimulatedKey[] chips = [.. Enumerable.Range(0, 8).Select(i => Amd.Vcek(SimulatedChip.Named(Amd.Product, $"chip {i}")))];
        await using KdsBench bench = await KdsBench.StartAsync(chips);
        await bench.CompleteAsync(chips[7]);
        bench.Clock.Advance(TimeSpan.FromSeconds(31));
        bench.Kds.Misbehave(KdsBehaviours.Status(500));
        foreach (SimulatedKey chip in chips[..5])
        {
            await bench.FailAsync(chip);
        }

        KdsUnavailableException fault = await bench.FailAsync(chips[5]);
        Assert.Equal("KDS_UNREACHABLE", fault.Reason);
        Assert.Equal(0, bench.Kds.RequestsOf(KdsPublishing.VcekPath(chips[5].Chip, chips[5].Tcb)));
        Assert.Equal(1, bench.Counts["verifier.kds.requests{kind=vcek,outcome=circuit_open}"]);

        bench.Kds.Behave();
        bench.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull((await bench.CompleteAsync(chips[5])).Certificates.Find(CertificateRole.Vcek));
    }

    [Theory]
    [InlineData(null, 10)]
    [InlineData("3", 10)]
    [InlineData("45", 45)]
    [InlineData("86400", 120)]
    [InlineData("-5", 10)]
    [InlineData("soon", 10)]
    public async Task F24_Throttled_PausesEveryKey(string? retryAfter, int seconds)
    {
        SimulatedKey vcek = Amd.Vcek();
        SimulatedKey other = Amd.Vcek(SimulatedChip.Named(Amd.Product, "other"));
        await using KdsBench bench = await KdsBench.StartAsync(vcek, other);
        bench.Kds.Misbehave(KdsBehaviours.Throttled(retryAfter), "?blSPL");

        KdsUnavailableException fault = await bench.FailForAsync(TimeSpan.FromSeconds(seconds), vcek, KdsBench.Hurried);
        Assert.Equal("KDS_THROTTLED", fault.Reason);

        bench.Kds.Behave();
        bench.Kds.ResetCounts();
        Assert.Equal("KDS_THROTTLED", (await bench.FailAsync(other, KdsBench.Hurried)).Reason);
        // Of what is left, a caller would wait for three seconds, and the machine may take some.
        bench.Clock.Advance(TimeSpan.FromSeconds(seconds - 9));
        await bench.FailAsync(vcek, KdsBench.Hurried);
        Assert.DoesNotContain(bench.Kds.RequestedPaths, path => path.Contains("blSPL", StringComparison.Ordinal));

        bench.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull((await bench.CompleteAsync(vcek)).Certificates.Find(CertificateRole.Vcek));
    }

    [Fact]
    public async Task F24_ThrottledUntilADate_PausesUntilThen()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        bench.Kds.Misbehave(KdsBehaviours.ThrottledUntil(bench.Clock.GetUtcNow().AddSeconds(60)), "?blSPL");

        KdsUnavailableException fault = await bench.FailAsync(vcek, KdsBench.Hurried);

        Assert.Equal("KDS_THROTTLED", fault.Reason);
        Assert.InRange(fault.RetryAfter!.Value, TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task F24_Throttled_IsNotRepeated()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        bench.Kds.Misbehave(KdsBehaviours.Throttled("20"), "?blSPL");

        await bench.FailAsync(vcek, KdsBench.Hurried);

        Assert.Equal(1, bench.Kds.RequestsOf(KdsPublishing.VcekPath(vcek.Chip, vcek.Tcb)));
    }

    [Fact]
    public async Task F25_NoSuchCertificate_IsAnAnswerAndNoOutage()
    {
        SimulatedKey unknown = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync();

        Evidence evidence = await bench.CompleteAsync(unknown);

        Assert.StartsWith("KDS_NO_SUCH_CERTIFICATE", evidence.MissingLeafReason, StringComparison.Ordinal);
        Assert.Null(Authenticator.Authenticate(evidence, Amd.Roots, bench.Clock.GetUtcNow()).Verified);
        Assert.Equal(1, bench.Kds.RequestsOf(KdsPublishing.VcekPath(unknown.Chip, unknown.Tcb)));
        Assert.Equal(ServingStatus.Serving, await bench.HealthAsync());
    }

    [Fact]
    public async Task T102_NoSuchCertificate_IsForgottenAfterAMinute()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync();
        await bench.CompleteAsync(vcek);
        bench.Kds.Publish(Amd, vcek);

        Assert.NotNull((await bench.CompleteAsync(vcek)).MissingLeafReason);
        bench.Clock.Advance(TimeSpan.FromSeconds(61));
        Evidence evidence = await bench.CompleteAsync(vcek);

        Assert.Null(evidence.MissingLeafReason);
        Assert.NotNull(evidence.Certificates.Find(CertificateRole.Vcek));
    }

    [Fact]
    public async Task T102_NoSuchCertificate_HoldsForThatKeyAlone()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        SimulatedKey neighbour = Amd.Vcek(tcb: vcek.Tcb with { Microcode = 1 });

        Assert.NotNull((await bench.CompleteAsync(neighbour)).MissingLeafReason);

        Assert.Null((await bench.CompleteAsync(vcek)).MissingLeafReason);
    }

    [Fact]
    public async Task F25_Forbidden_IsAnAlarm()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        bench.Kds.Misbehave(KdsBehaviours.Status(403), "?blSPL");

        Assert.Equal("KDS_BAD_ANSWER", (await bench.FailAsync(vcek)).Reason);

        Assert.Contains(bench.Log.All, line => line.Id == 3002);
    }

    private static async Task BreakAsync(FakeKds kds, string kind)
    {
        if (kind == "gone")
        {
            await kds.StopAsync();
            return;
        }

        kds.Misbehave(kind switch
        {
            "cut" => KdsBehaviours.Cut,
            "hang" => KdsBehaviours.Hang,
            "slow" => KdsBehaviours.SlowBody,
            _ => KdsBehaviours.Status(int.Parse(kind, System.Globalization.CultureInfo.InvariantCulture)),
        });
    }
}
