using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Extensions.DependencyInjection;
using SevSnp.Certificates;
using SevSnp.Launch;
using SevSnp.Verification;
using Verifier.Service.Hosting;
using Verifier.Service.Kds;
using Verifier.TestKit;
using Verifier.TestKit.Kds;

namespace Verifier.Tests.Kds;

/// <summary>What is loaded before anything is fetched: the bundle file, and the inventory.</summary>
public sealed class BundleTests : IDisposable
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;
    private static readonly SimulatedKey Vcek = Amd.Vcek();

    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-bundle-").FullName;

    private string BundleFile => Path.Combine(_folder, "kds.pem");

    private string InventoryFile => Path.Combine(_folder, "chips.csv");

    [Fact]
    public async Task Bundle_ServesAnAirGappedServiceAlone()
    {
        await using KdsBench bench = await StartAsync(Bundle(List(Amd.RevocationList().Mint())), ("Mode", "Offline"));

        Evidence evidence = await bench.CompleteAsync(Vcek, revocation: SevSnp.Policies.RevocationRule.Required);

        Assert.NotNull(Authenticator.Authenticate(evidence, Amd.Roots, bench.Clock.GetUtcNow()).Verified);
        Assert.Single(evidence.Certificates.RevocationLists);
        Assert.Equal(0, bench.Kds.TotalRequests);
        Assert.Equal("KDS_OFFLINE", (await bench.FailAsync(Amd.Vcek(SimulatedChip.Named(Amd.Product, "not in it")))).Reason);
    }

    [Fact]
    public async Task T15_BundleWithALookAlikeEntry_IsRefusedByItsName()
    {
        SimulatedKey forged = VirtualAmd.Create(ProductLine.Milan).Vcek();
        KdsBundle bundle = KdsBundle.Of([Certificate(Amd.Ark.Certificate), Certificate(Amd.Ask.Certificate), Certificate(forged.Certificate)], []);

        ConfigurationFaultException refused = await Assert.ThrowsAsync<ConfigurationFaultException>(() => StartAsync(bundle));

        Assert.StartsWith("Kds:BundleFile: Vcek Milan,", Assert.Single(refused.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BundleThatIsCutOff_IsRefusedByTheNumberOfItsEntry()
    {
        await File.WriteAllTextAsync(BundleFile, Bundle().ToPem()[..^40], TestContext.Current.CancellationToken);

        ConfigurationFaultException refused = await Assert.ThrowsAsync<ConfigurationFaultException>(() => StartAsync(null));

        Assert.Contains("entry 3", Assert.Single(refused.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task T24_ListThatIsOver_NeverCountsAndStopsNoStart()
    {
        byte[] over = (Amd.RevocationList() with { NextUpdate = TimeProvider.System.GetUtcNow().AddDays(-1) }).Mint();
        await using KdsBench bench = await StartAsync(Bundle(List(over)), ("Mode", "Offline"));

        Assert.Equal("KDS_OFFLINE", (await Assert.ThrowsAsync<KdsUnavailableException>(() => bench.CompleteAsync(Vcek, revocation: SevSnp.Policies.RevocationRule.Required))).Reason);
        Assert.Contains(bench.Log.All, line => line.Id == 3011);
    }

    [Fact]
    public async Task T24_OlderList_DoesNotComeBackThroughANewBundle()
    {
        byte[] newer = (Amd.RevocationList() with { Extensions = WithNumber(7) }).Mint();
        await using KdsBench bench = await StartAsync(Bundle(List(newer)), ("Mode", "Offline"));
        PreloadedMaterials preloaded = bench.Services.GetRequiredService<PreloadedMaterials>();

        await File.WriteAllTextAsync(BundleFile, Bundle(List(Amd.RevocationList().Mint())).ToPem(), TestContext.Current.CancellationToken);
        preloaded.Check();

        Assert.Null(preloaded.Find(KdsItem.RevocationList(KeyKind.Vcek, ProductLine.Milan)));
    }

    [Fact]
    public async Task T24_NewerListOfAnotherInstance_CountsThoughItIsDueItself()
    {
        byte[] newer = (Amd.RevocationList() with { Extensions = WithNumber(7) }).Mint();
        MemoryCertificateCache cache = new();
        byte[] fetched = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(fetched, TimeProvider.System.GetUtcNow().AddHours(-7).ToUnixTimeSeconds());
        cache.Entries["kds:v1:" + KdsPublishing.RevocationListPath(KeyKind.Vcek, ProductLine.Milan)] = [.. fetched, .. newer];
        await File.WriteAllTextAsync(BundleFile, Bundle(List(Amd.RevocationList().Mint())).ToPem(), TestContext.Current.CancellationToken);
        await using KdsBench bench = KdsBench.For(await FakeKds.StartAsync(), Amd.Roots, cache, ("Mode", "Offline"), ("BundleFile", BundleFile));
        bench.Services.LoadKdsFiles();
        bench.Clock.Advance(TimeSpan.FromHours(7));

        BigInteger? number = null;
        for (int i = 0; i < 1500 && number != 7; i++)
        {
            number = Assert.Single((await bench.CompleteAsync(Vcek)).Certificates.RevocationLists).Number;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal(7, number);
    }

    [Fact]
    public async Task ChangedBundle_IsTakenInAndABadOneLeavesTheOldInUse()
    {
        await using KdsBench bench = await StartAsync(Bundle(), ("Mode", "Offline"));
        PreloadedMaterials preloaded = bench.Services.GetRequiredService<PreloadedMaterials>();
        await File.WriteAllTextAsync(BundleFile, "-----BEGIN CERTIFICATE-----\nno", TestContext.Current.CancellationToken);

        preloaded.Check();
        Assert.Contains(bench.Log.All, line => line.Id == 3010);
        Assert.NotNull((await bench.CompleteAsync(Vcek)).Certificates.Find(CertificateRole.Vcek));

        SimulatedKey added = Amd.Vcek(SimulatedChip.Named(Amd.Product, "added"));
        await File.WriteAllTextAsync(BundleFile, KdsBundle.Of([.. Bundle().Certificates, Certificate(added.Certificate)], []).ToPem(), TestContext.Current.CancellationToken);
        preloaded.Check();
        Assert.NotNull((await bench.CompleteAsync(added)).Certificates.Find(CertificateRole.Vcek));
    }

    [Fact]
    public async Task F46_Inventory_IsFetchedWhileNobodyWaits()
    {
        SimulatedKey known = Amd.Vcek(SimulatedChip.Named(Amd.Product, "known"));
        SimulatedKey unknown = Amd.Vcek(SimulatedChip.Named(Amd.Product, "unknown"));
        await File.WriteAllTextAsync(InventoryFile, $"# racks\n{Line(known)}\n\n{Line(unknown)}\n{Line(known)}\n", TestContext.Current.CancellationToken);
        FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(Amd, known);
        await using KdsBench bench = KdsBench.For(kds, Amd.Roots, null, ("InventoryFile", InventoryFile));
        InventoryPrewarm prewarm = bench.Services.GetRequiredService<InventoryPrewarm>();
        prewarm.Load();
        await prewarm.StartAsync(TestContext.Current.CancellationToken);
        await prewarm.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(1, kds.RequestsOf(KdsPublishing.VcekPath(known.Chip, known.Tcb)));
        Assert.Equal(1, bench.Counts["verifier.kds.prewarm{outcome=at_hand}"]);
        Assert.Equal(1, bench.Counts["verifier.kds.prewarm{outcome=no_such}"]);
        kds.ResetCounts();
        Assert.NotNull((await bench.CompleteAsync(known)).Certificates.Find(CertificateRole.Vcek));
        Assert.Equal(0, kds.TotalRequests);
    }

    [Fact]
    public async Task WrongInventory_IsRefusedByTheNumbersOfItsLines()
    {
        await File.WriteAllTextAsync(InventoryFile, $"{Line(Vcek)}\nRome,00,blSPL=1\n# fine\nMilan,12,blSPL=1&teeSPL=0&snpSPL=8&ucodeSPL=1\n", TestContext.Current.CancellationToken);
        FakeKds kds = await FakeKds.StartAsync();
        await using KdsBench bench = KdsBench.For(kds, Amd.Roots, null, ("InventoryFile", InventoryFile));

        ConfigurationFaultException refused = Assert.Throws<ConfigurationFaultException>(() => bench.Services.LoadKdsFiles());

        Assert.Equal(2, refused.Faults.Count);
        Assert.StartsWith("Kds:InventoryFile: line 2: the product", refused.Faults[0], StringComparison.Ordinal);
        Assert.StartsWith("Kds:InventoryFile: line 4: the chip id", refused.Faults[1], StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Line(SimulatedKey vcek) => KdsBundle.ChipOf(Certificate(vcek.Certificate))!.ToLine();

    private static IReadOnlyList<ExtensionRecipe> WithNumber(int number) =>
        [.. Amd.RevocationList().Extensions.SkipLast(1), new(Oids.CrlNumber, Der.Number(number))];

    private static KdsBundle Bundle(params RevocationList[] lists) =>
        KdsBundle.Of([Certificate(Vcek.Certificate), Certificate(Amd.Ask.Certificate), Certificate(Amd.Ark.Certificate)], lists);

    private static AmdCertificate Certificate(byte[] der) => CertificateBundle.FromDer([der]).Certificates[0];

    private static RevocationList List(byte[] der) => CertificateBundle.Empty.WithRevocationLists([der]).RevocationLists[0];

    private async Task<KdsBench> StartAsync(KdsBundle? bundle, params (string Name, string Value)[] settings)
    {
        if (bundle is not null)
        {
            await File.WriteAllTextAsync(BundleFile, bundle.ToPem());
        }

        KdsBench bench = KdsBench.For(await FakeKds.StartAsync(), Amd.Roots, null, [("BundleFile", BundleFile), .. settings]);
        bench.Services.LoadKdsFiles();
        return bench;
    }
}
