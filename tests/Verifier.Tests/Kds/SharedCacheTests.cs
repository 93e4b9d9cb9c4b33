using SevSnp.Certificates;
using SevSnp.Launch;
using SevSnp.Verification;
using Verifier.TestKit;
using Verifier.TestKit.Kds;

namespace Verifier.Tests.Kds;

/// <summary>The cache that instances share: useful, never trusted, never needed.</summary>
public sealed class SharedCacheTests
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;
    private static readonly SimulatedKey Vcek = Amd.Vcek();
    private static readonly string VcekEntry = "kds:v1:" + KdsPublishing.VcekPath(Vcek.Chip, Vcek.Tcb);
    private static readonly string ChainEntry = "kds:v1:" + KdsPublishing.ChainPath(KeyKind.Vcek, ProductLine.Milan);

    [Fact]
    public async Task SecondInstance_AsksTheCacheAndNotAmd()
    {
        MemoryCertificateCache cache = await FilledAsync();
        await using KdsBench second = await StartAsync(cache);

        Evidence evidence = await second.CompleteAsync(Vcek);

        Assert.NotNull(Authenticator.Authenticate(evidence, Amd.Roots, second.Clock.GetUtcNow()).Verified);
        Assert.Equal(0, second.Kds.TotalRequests);
        Assert.Equal(3, second.Counts["verifier.cache.lookups{cache=certificates_shared,hit=True}"]);
    }

    [Fact]
    public async Task OfflineInstance_LivesOnTheCache()
    {
        MemoryCertificateCache cache = await FilledAsync();
        await using KdsBench offline = await StartAsync(cache, ("Mode", "Offline"));

        Evidence evidence = await offline.CompleteAsync(Vcek);

        Assert.NotNull(Authenticator.Authenticate(evidence, Amd.Roots, offline.Clock.GetUtcNow()).Verified);
        Assert.Equal(0, offline.Kds.TotalRequests);
    }

    public static TheoryData<string> Poisons => ["one bit", "too short", "empty", "other chip", "look-alike", "future", "huge"];

    [Theory]
    [MemberData(nameof(Poisons))]
    public async Task T29_PoisonedEntry_IsRemovedCountedAndFetchedAnew(string kind)
    {
        MemoryCertificateCache cache = await FilledAsync();
        byte[] good = cache.Entries[VcekEntry];
        cache.Entries[VcekEntry] = Poison(kind, good);
        await using KdsBench bench = await StartAsync(cache);

        Evidence evidence = await bench.CompleteAsync(Vcek);

        Assert.NotNull(Authenticator.Authenticate(evidence, Amd.Roots, bench.Clock.GetUtcNow()).Verified);
        Assert.Equal(1, bench.Kds.TotalRequests);
        Assert.Equal(1, bench.Counts["verifier.cache.poisoned{cache=certificates_shared}"]);
        Assert.Equal(good[8..], cache.Entries[VcekEntry][8..]);
        Assert.Contains(bench.Log.All, line => line.Id == 3004);
    }

    [Fact]
    public async Task T29_PoisonedEntryWithoutKeyService_IsNeverUsed()
    {
        MemoryCertificateCache cache = await FilledAsync();
        cache.Entries[VcekEntry] = Poison("look-alike", cache.Entries[VcekEntry]);
        await using KdsBench bench = await StartAsync(cache);
        await bench.Kds.StopAsync();

        Assert.Equal("KDS_UNREACHABLE", (await bench.FailAsync(Vcek)).Reason);
        Assert.False(cache.Entries.ContainsKey(VcekEntry));
    }

    [Fact]
    public async Task T15_LookAlikeChainInTheCache_IsRemoved()
    {
        MemoryCertificateCache cache = await FilledAsync();
        byte[] pem = System.Text.Encoding.ASCII.GetBytes(LookAlike.Milan.ChainPem(KeyKind.Vcek));
        cache.Entries[ChainEntry] = [.. cache.Entries[ChainEntry][..8], .. pem];
        await using KdsBench bench = await StartAsync(cache);

        Evidence evidence = await bench.CompleteAsync(Vcek);

        Assert.NotNull(Authenticator.Authenticate(evidence, Amd.Roots, bench.Clock.GetUtcNow()).Verified);
        Assert.Equal(1, bench.Kds.RequestsOf(KdsPublishing.ChainPath(KeyKind.Vcek, ProductLine.Milan)));
        Assert.NotEqual(pem, cache.Entries[ChainEntry][8..]);
    }

    [Fact]
    public async Task T28_TwoChipsWithTheSameSerialNumber_AreNotMixedUp()
    {
        SimulatedKey other = Amd.Vcek(SimulatedChip.Named(Amd.Product, "other"));
        await using KdsBench bench = await KdsBench.StartAsync(Vcek, other);

        AmdCertificate first = (await bench.CompleteAsync(Vcek)).Certificates.Find(CertificateRole.Vcek)!;
        AmdCertificate second = (await bench.CompleteAsync(other)).Certificates.Find(CertificateRole.Vcek)!;

        Assert.Equal(first.SerialNumber, second.SerialNumber);
        Assert.Equal(Vcek.Certificate, first.Der.ToArray());
        Assert.Equal(other.Certificate, second.Der.ToArray());
    }

    [Fact]
    public async Task CacheAway_CostsAFetchAndNothingElse()
    {
        await using KdsBench bench = await StartAsync(new MemoryCertificateCache { IsDown = true });

        Evidence evidence = await bench.CompleteAsync(Vcek);

        Assert.NotNull(Authenticator.Authenticate(evidence, Amd.Roots, bench.Clock.GetUtcNow()).Verified);
        Assert.Contains(bench.Log.All, line => line.Id == 3005);
    }

    [Fact]
    public async Task Entries_AreKeptNoLongerThanTheyAreOfUse()
    {
        MemoryCertificateCache cache = await FilledAsync();
        Assert.Equal(3, cache.Expiries.Count);
        Assert.All(cache.Expiries.Values, expiry => Assert.InRange(expiry, DateTimeOffset.UtcNow.AddDays(89), DateTimeOffset.UtcNow.AddDays(90)));
    }

    private static async Task<MemoryCertificateCache> FilledAsync()
    {
        MemoryCertificateCache cache = new();
        await using KdsBench first = await StartAsync(cache);
        await first.CompleteAsync(Vcek);
        Assert.Equal(3, cache.Entries.Count);
        return cache;
    }

    private static async Task<KdsBench> StartAsync(MemoryCertificateCache cache, params (string, string)[] settings)
    {
        FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(Amd, Vcek);
        return KdsBench.For(kds, Amd.Roots, cache, settings);
    }

    private static byte[] Poison(string kind, byte[] good)
    {
        byte[] changed = [.. good];
        switch (kind)
        {
            case "one bit":
                changed[^1] ^= 1;
                return changed;
            case "future":
                changed[3] = 1;
                return changed;
            case "too short":
                return good[..8];
            case "empty":
                return [];
            case "other chip":
                return [.. good[..8], .. Amd.Vcek(SimulatedChip.Named(Amd.Product, "other")).Certificate];
            case "look-alike":
                return [.. good[..8], .. LookAlike.Milan.Vcek(Vcek.Chip, Vcek.Tcb).Certificate];
            default:
                return [.. good, .. new byte[1 << 20]];
        }
    }
}
