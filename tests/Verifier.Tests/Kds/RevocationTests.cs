using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Verification;
using Verifier.Service.Kds;
using Verifier.TestKit;
using Verifier.TestKit.Kds;

namespace Verifier.Tests.Kds;

/// <summary>The service's own revocation lists: looked at beside those of the evidence, and never in the way when merely preferred.</summary>
public sealed class RevocationTests
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;
    private static readonly string ListPath = KdsPublishing.RevocationListPath(KeyKind.Vcek, ProductLine.Milan);
    private static readonly Scenario Complete = Scenario.Vcek();

    public static TheoryData<string> Troubles => ["404", "500", "hang", "garbage", "foreign", "stale"];

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task PreferredList_NeverFailsACallAndIsRemembered(string trouble)
    {
        await using KdsBench bench = trouble == "hang" ? await KdsBench.StartImpatientAsync() : await KdsBench.StartAsync();
        Break(bench, trouble);
        long start = TimeProvider.System.GetTimestamp();

        Evidence evidence = await bench.CompleteAsync(Complete.SignReport(), Complete.Bundle);

        Assert.Empty(evidence.Certificates.RevocationLists);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
        Assert.NotNull(Authenticator.Authenticate(evidence, Amd.Roots, bench.Clock.GetUtcNow()).Verified);

        // Nobody waits for a hung request, but its failure is remembered only once it is there.
        await bench.LoggedAsync("/crl", 1);
        int asked = bench.Kds.RequestsOf(ListPath);
        bench.Clock.Advance(TimeSpan.FromSeconds(50));
        await bench.CompleteAsync(Complete.SignReport(), Complete.Bundle);
        Assert.Equal(asked, bench.Kds.RequestsOf(ListPath));

        bench.Kds.Behave();
        bench.Kds.Publish(Amd);
        // An impatient call goes on without a list that takes its time, and a fetch that took too long is remembered, too.
        for (int i = 0; i < 20 && evidence.Certificates.RevocationLists.Count == 0; i++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(70));
            evidence = await bench.CompleteAsync(Complete.SignReport(), Complete.Bundle);
        }

        Assert.Single(evidence.Certificates.RevocationLists);
    }

    [Fact]
    public async Task F24_PreferredListInAPause_HoldsNoCallUpAndComesAfterIt()
    {
        FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(Amd);
        await using KdsBench bench = KdsBench.For(kds, Amd.Roots, null, ("RevocationWait", "00:00:00.300"));
        Break(bench, "429");
        Assert.Empty((await bench.CompleteAsync(Complete.SignReport(), Complete.Bundle)).Certificates.RevocationLists);
        await bench.LoggedAsync("/crl", 1);
        Assert.Empty((await bench.CompleteAsync(Complete.SignReport(), Complete.Bundle)).Certificates.RevocationLists);
        Assert.Equal(1, bench.Kds.RequestsOf(ListPath));

        bench.Kds.Behave();
        bench.Kds.Publish(Amd);
        bench.Clock.Advance(TimeSpan.FromSeconds(11));
        await bench.LoggedAsync("/crl", 2);

        Assert.Single((await bench.CompleteAsync(Complete.SignReport(), Complete.Bundle)).Certificates.RevocationLists);
        Assert.Equal(2, bench.Kds.RequestsOf(ListPath));
    }

    [Theory]
    [InlineData("404", "KDS_BAD_ANSWER")]
    [InlineData("500", "KDS_UNREACHABLE")]
    [InlineData("429", "KDS_THROTTLED")]
    [InlineData("garbage", "KDS_BAD_ANSWER")]
    [InlineData("foreign", "KDS_MISMATCH")]
    [InlineData("stale", "KDS_MISMATCH")]
    public async Task RequiredList_IsUnavailableWithoutIt(string trouble, string reason)
    {
        await using KdsBench bench = await KdsBench.StartAsync();
        Break(bench, trouble);

        KdsUnavailableException fault = await Assert.ThrowsAsync<KdsUnavailableException>(
            () => bench.CompleteAsync(Complete.SignReport(), Complete.Bundle, RevocationRule.Required, trouble == "429" ? KdsBench.Hurried : null));

        Assert.Equal(reason, fault.Reason);
        Assert.NotNull(fault.RetryAfter);
    }

    [Fact]
    public async Task SlowPreferredList_HoldsACallUpNoLongerThanAllowed()
    {
        FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(Amd);
        await using KdsBench bench = KdsBench.For(kds, Amd.Roots, null, ("RevocationWait", "00:00:00.200"));
        TaskCompletionSource gate = new();
        kds.Misbehave(KdsBehaviours.After(gate.Task), "/crl");
        long start = TimeProvider.System.GetTimestamp();

        Evidence evidence = await bench.CompleteAsync(Complete.SignReport(), Complete.Bundle);

        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
        Assert.Empty(evidence.Certificates.RevocationLists);

        // The fetch goes on, and the next call has the list.
        gate.SetResult();
        Evidence required = await bench.CompleteAsync(Complete.SignReport(), Complete.Bundle, RevocationRule.Required);
        Assert.Single(required.Certificates.RevocationLists);
        Assert.Equal(1, kds.RequestsOf(ListPath));
    }

    [Fact]
    public async Task T24_RevokedIntermediate_IsSeenAlthoughTheEvidenceBringsAnOlderList()
    {
        await using KdsBench bench = await KdsBench.StartAsync();
        bench.Kds.Publish(ListPath, (Amd.RevocationList().WithNumber(2) with { Revoked = [Amd.Ask.Recipe.Serial] }).Mint());
        Scenario scenario = Complete with { RevocationLists = [Amd.RevocationList().Mint()] };

        Evidence evidence = await bench.CompleteAsync(scenario.SignReport(), scenario.Bundle);

        Authentication judged = Authenticator.Authenticate(evidence, Amd.Roots, bench.Clock.GetUtcNow());
        Assert.Equal(2, evidence.Certificates.RevocationLists.Count);
        Assert.Contains(judged.Checks, c => c is { Id: CheckId.CertificatesAreNotRevoked, Status: CheckStatus.Failed });
    }

    [Fact]
    public async Task T24_OlderNumber_NeverComesBack()
    {
        await using KdsBench bench = await KdsBench.StartAsync();
        bench.Kds.Publish(ListPath, Amd.RevocationList().WithNumber(7).Mint());
        Assert.Equal(7, await NumberAsync(bench));

        bench.Kds.Publish(ListPath, Amd.RevocationList().WithNumber(6).Mint());
        await RefreshAsync(bench);
        Assert.Equal(7, await NumberAsync(bench));
        Assert.Equal(1, bench.Counts["verifier.kds.requests{kind=crl,outcome=mismatch}"]);

        bench.Kds.Publish(ListPath, Amd.RevocationList().WithNumber(8).Mint());
        await RefreshAsync(bench);
        Assert.Equal(8, await NumberAsync(bench));
    }

    [Fact]
    public async Task T24_OlderNumberInTheSharedCache_IsNotUsed()
    {
        await using KdsBench bench = await KdsBench.StartAsync();
        bench.Kds.Publish(ListPath, Amd.RevocationList().WithNumber(7).Mint());
        Assert.Equal(7, await NumberAsync(bench));
        byte[] entry = bench.Cache.Entries["kds:v1:" + ListPath];

        // Stamped as fresh at the time when the refresh reads it.
        byte[] stamp = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(stamp, bench.Clock.GetUtcNow().AddHours(7).ToUnixTimeSeconds());
        bench.Cache.Entries["kds:v1:" + ListPath] = [.. stamp, .. Amd.RevocationList().WithNumber(6).Mint()];

        await RefreshAsync(bench);

        Assert.Equal(7, await NumberAsync(bench));
        Assert.Equal(entry[8..], bench.Cache.Entries["kds:v1:" + ListPath][8..]);
    }

    [Fact]
    public async Task StaleList_IsReplacedBeforeItIsUsed()
    {
        await using KdsBench bench = await KdsBench.StartAsync();
        DateTimeOffset due = bench.Clock.GetUtcNow().AddHours(1);
        bench.Kds.Publish(ListPath, (Amd.RevocationList().WithNumber(1) with { NextUpdate = due }).Mint());
        Assert.Equal(1, await NumberAsync(bench));
        bench.Kds.Publish(ListPath, Amd.RevocationList().WithNumber(2).Mint());

        bench.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(2, await NumberAsync(bench));
    }

    [Fact]
    public async Task Offline_RequiredListMayComeWithTheEvidence()
    {
        FakeKds kds = await FakeKds.StartAsync();
        await using KdsBench bench = KdsBench.For(kds, Amd.Roots, null, ("Mode", "Offline"));
        Scenario scenario = Complete with { RevocationLists = [Amd.RevocationList().Mint()] };

        Evidence evidence = await bench.CompleteAsync(scenario.SignReport(), scenario.Bundle, RevocationRule.Required);
        Assert.Single(evidence.Certificates.RevocationLists);

        KdsUnavailableException fault = await Assert.ThrowsAsync<KdsUnavailableException>(
            () => bench.CompleteAsync(Complete.SignReport(), Complete.Bundle, RevocationRule.Required));
        Assert.Equal("KDS_OFFLINE", fault.Reason);
    }

    private static void Break(KdsBench bench, string trouble) => bench.Kds.Misbehave(
        trouble switch
        {
            "hang" => KdsBehaviours.Hang,
            "429" => KdsBehaviours.Throttled(),
            "garbage" => KdsBehaviours.Html,
            "foreign" => KdsBehaviours.Instead((Amd.RevocationList() with { Sign = Amd.Asvk.Sign }).Mint()),
            "stale" => KdsBehaviours.Instead((Amd.RevocationList() with { NextUpdate = DateTimeOffset.UtcNow.AddDays(-1) }).Mint()),
            _ => KdsBehaviours.Status(int.Parse(trouble, System.Globalization.CultureInfo.InvariantCulture)),
        },
        "/crl");

    private static async Task<int?> NumberAsync(KdsBench bench)
    {
        Evidence evidence = await bench.CompleteAsync(Complete.SignReport(), Complete.Bundle, RevocationRule.Required);
        return (int?)evidence.Certificates.RevocationLists.Single().Number;
    }

    // Time passes until the list is due, a call sets off the fetch in the background, and the fetch ends.
    private static async Task RefreshAsync(KdsBench bench)
    {
        int asked = bench.Kds.RequestsOf(ListPath);
        bench.Clock.Advance(TimeSpan.FromHours(7));
        await bench.CompleteAsync(Complete.SignReport(), Complete.Bundle);
        await bench.LoggedAsync("/crl", asked + 1);
        Assert.Equal(asked + 1, bench.Kds.RequestsOf(ListPath));
    }
}
