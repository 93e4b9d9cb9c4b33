using System.Text;
using SevSnp.Certificates;
using SevSnp.Launch;
using Verifier.Service.Kds;
using Verifier.TestKit;
using Verifier.TestKit.Kds;

namespace Verifier.Tests.Kds;

/// <summary>Answers that are no answers: never kept, never judged, never followed.</summary>
public sealed class BadAnswerTests
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;

    public static TheoryData<string> Garbage => ["html", "empty", "truncated", "trailing", "pem", "huge", "endless", "bomb"];

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task F27_F29_GarbageForACertificate_IsABadAnswer(string kind)
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        bench.Kds.Misbehave(GarbageOf(kind), "?blSPL");

        KdsUnavailableException fault = await bench.FailForAsync(TimeSpan.FromSeconds(30), vcek);

        Assert.Equal("KDS_BAD_ANSWER", fault.Reason);
        Assert.Equal(1, bench.Kds.RequestsOf(KdsPublishing.VcekPath(vcek.Chip, vcek.Tcb)));
        await RecoversAsync(bench, vcek, TimeSpan.FromSeconds(31));
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task F27_F29_GarbageForAChain_IsABadAnswer(string kind)
    {
        if (kind is "pem" or "trailing")
        {
            // A chain is PEM, and PEM inside PEM is covered by the others.
            kind = "html";
        }

        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        bench.Kds.Misbehave(GarbageOf(kind), "/cert_chain");

        KdsUnavailableException fault = await bench.FailAsync(vcek);

        Assert.Equal("KDS_BAD_ANSWER", fault.Reason);
        Assert.Empty(bench.Cache.Entries);
        await RecoversAsync(bench, vcek, TimeSpan.FromSeconds(31));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task T32_F28_Redirect_IsNeverFollowed(int status)
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        await using FakeKds elsewhere = await FakeKds.StartAsync();
        elsewhere.Publish(Amd, vcek);
        bench.Kds.Misbehave(KdsBehaviours.Redirect(status, elsewhere.BaseAddress + KdsPublishing.VcekPath(vcek.Chip, vcek.Tcb)[1..]), "?blSPL");

        KdsUnavailableException fault = await bench.FailAsync(vcek);

        Assert.Equal("KDS_BAD_ANSWER", fault.Reason);
        Assert.Equal(0, elsewhere.TotalRequests);
        Assert.Equal(1, bench.Counts["verifier.kds.requests{kind=vcek,outcome=redirected}"]);
    }

    [Fact]
    public async Task T32_RedirectToAFile_IsNeverFollowed()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        bench.Kds.Misbehave(KdsBehaviours.Redirect(302, "file:///etc/hostname"));

        Assert.Equal("KDS_BAD_ANSWER", (await bench.FailAsync(vcek)).Reason);
    }

    [Fact]
    public async Task T31_F30_GenuineCertificateOfAnotherChip_IsAMismatch() =>
        await IsMismatchAsync(Amd.Vcek(SimulatedChip.Named(Amd.Product, "other")).Certificate);

    [Fact]
    public async Task T31_GenuineCertificateOfAnotherTcb_IsAMismatch() =>
        await IsMismatchAsync(Amd.Vcek(tcb: SimulatedChip.DefaultTcb(Amd.Product) with { Snp = 23 }).Certificate);

    [Fact]
    public async Task T31_GenuineVlek_IsAMismatch() => await IsMismatchAsync(Amd.Vlek().Certificate);

    [Fact]
    public async Task T31_GenuineIntermediate_IsAMismatch() => await IsMismatchAsync(Amd.Ask.Certificate);

    [Fact]
    public async Task T31_CertificateOfAnotherProduct_IsAMismatch() => await IsMismatchAsync(VirtualAmd.Genoa.Vcek().Certificate);

    [Fact]
    public async Task T15_LookAlikeLeaf_IsAMismatch() => await IsMismatchAsync(LookAlike.Milan.Vcek().Certificate);

    [Fact]
    public async Task T15_WholeLookAlikeKeyService_IsNeverBelieved()
    {
        SimulatedKey vcek = LookAlike.Milan.Vcek();
        FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(LookAlike.Milan, vcek);
        await using KdsBench bench = KdsBench.For(kds, Amd.Roots);

        KdsUnavailableException fault = await bench.FailAsync(vcek);

        Assert.Equal("KDS_MISMATCH", fault.Reason);
        Assert.Empty(bench.Cache.Entries);
        Assert.Contains(bench.Log.All, line => line.Id == 3003 && line.Text.Contains("chain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task T15_ChainWithForeignIntermediate_IsAMismatch() =>
        await IsBadChainAsync(Pem.Certificates(LookAlike.Milan.Ask.Certificate, Amd.Ark.Certificate), "KDS_MISMATCH");

    [Fact]
    public async Task ChainOfTheOtherKind_IsAMismatch() => await IsBadChainAsync(Amd.ChainPem(KeyKind.Vlek), "KDS_MISMATCH");

    [Fact]
    public async Task ChainOfAnotherProduct_IsAMismatch() => await IsBadChainAsync(VirtualAmd.Genoa.ChainPem(KeyKind.Vcek), "KDS_MISMATCH");

    [Fact]
    public async Task T25_ChainWithAThirdCertificate_IsABadAnswer() =>
        await IsBadChainAsync(Pem.Certificates(Amd.Ask.Certificate, Amd.Ark.Certificate, Amd.Asvk.Certificate), "KDS_BAD_ANSWER");

    [Fact]
    public async Task ChainWithoutRoot_IsABadAnswer() => await IsBadChainAsync(Pem.Certificates(Amd.Ask.Certificate), "KDS_BAD_ANSWER");

    [Fact]
    public async Task NewIntermediate_IsFetchedWhenACertificateNeedsIt()
    {
        SimulatedKey old = Amd.Vcek();
        SimulatedKey young = LookAlike.Milan.Vcek(SimulatedChip.Named(Amd.Product, "young"));
        await using KdsBench bench = await KdsBench.StartAsync(old);
        await bench.CompleteAsync(old);
        bench.Kds.Publish(KdsPublishing.ChainPath(KeyKind.Vcek, Amd.Product), Encoding.ASCII.GetBytes(Pem.Certificates(NewIntermediate(), Amd.Ark.Certificate)));
        bench.Kds.Publish(KdsPublishing.VcekPath(young.Chip, young.Tcb), young.Certificate);

        // The chain at hand is too young to be doubted again.
        Assert.Equal("KDS_MISMATCH", (await bench.FailAsync(young)).Reason);

        bench.Clock.Advance(TimeSpan.FromMinutes(11));
        CertificateBundle whole = (await bench.CompleteAsync(young)).Certificates;
        Assert.Equal(young.Certificate, whole.Find(CertificateRole.Vcek)!.Der.ToArray());
    }

    // The key of the other one's ASK, in a certificate that this one's root signed.
    private static byte[] NewIntermediate()
    {
        ExtensionRecipe issuerKey = Amd.Ask.Recipe.Extensions.Single(e => e.Oid == Oids.AuthorityKeyIdentifier);
        CertificateRecipe recipe = LookAlike.Milan.Ask.Recipe;
        return (recipe with
        {
            Sign = Amd.Ark.Sign,
            Extensions = [.. recipe.Extensions.Select(e => e.Oid == issuerKey.Oid ? issuerKey : e)],
        }).Mint();
    }

    private static async Task IsMismatchAsync(byte[] answer)
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        bench.Kds.Misbehave(KdsBehaviours.Instead(answer), "?blSPL");

        KdsUnavailableException fault = await bench.FailForAsync(TimeSpan.FromSeconds(30), vcek);

        Assert.Equal("KDS_MISMATCH", fault.Reason);
        Assert.DoesNotContain(bench.Cache.Entries.Keys, key => key.Contains("blSPL", StringComparison.Ordinal));
        await RecoversAsync(bench, vcek, TimeSpan.FromSeconds(31));
    }

    private static async Task IsBadChainAsync(string pem, string reason)
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await KdsBench.StartAsync(vcek);
        bench.Kds.Misbehave(KdsBehaviours.Instead(Encoding.ASCII.GetBytes(pem)), "/cert_chain");

        Assert.Equal(reason, (await bench.FailAsync(vcek)).Reason);

        Assert.Empty(bench.Cache.Entries);
        await RecoversAsync(bench, vcek, TimeSpan.FromSeconds(31));
    }

    private static async Task RecoversAsync(KdsBench bench, SimulatedKey vcek, TimeSpan later)
    {
        bench.Kds.Behave();
        bench.Clock.Advance(later);
        Assert.NotNull((await bench.CompleteAsync(vcek)).Certificates.Find(CertificateRole.Vcek));
    }

    private static KdsBehaviour GarbageOf(string kind) => kind switch
    {
        "html" => KdsBehaviours.Html,
        "empty" => KdsBehaviours.Empty,
        "truncated" => KdsBehaviours.Truncated,
        "trailing" => KdsBehaviours.TrailingByte,
        "pem" => KdsBehaviours.PemForDer,
        "huge" => KdsBehaviours.HugeContentLength,
        "endless" => KdsBehaviours.EndlessBody,
        _ => KdsBehaviours.GzipBomb,
    };
}
