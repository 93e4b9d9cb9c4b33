using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Tests.Verification;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

/// <summary>Which certificates make a chain, under a root of our own.</summary>
public class ChainVerifierTests
{
    private static readonly VirtualAmd LookAlike = VirtualAmd.Create(ProductLine.Milan);

    public static MatrixTheoryData<ProductLine, ProductLine> ProductPairs => new(ProductLines.All, ProductLines.All);

    [Theory]
    [MemberData(nameof(ProductPairs))]
    public void T16_CpuAndLeaf_MustBeOfOneProduct(ProductLine cpu, ProductLine leaf)
    {
        Scenario scenario = Scenario.Vcek(leaf);
        List<CheckResult> checks = [];

        bool holds = ChainVerifier.TryVerify(KeyKind.Vcek, cpu, scenario.Bundle, scenario.Roots, scenario.At, checks, out _);

        Assert.Equal(cpu == leaf, holds);
        Assert.Equal(holds ? CheckStatus.Passed : CheckStatus.Failed, checks.Single(c => c.Id == CheckId.ProductIsConsistent).Status);
    }

    [Theory]
    [InlineData(KeyKind.Vcek, KeyKind.Vcek)]
    [InlineData(KeyKind.Vcek, KeyKind.Vlek)]
    [InlineData(KeyKind.Vlek, KeyKind.Vcek)]
    [InlineData(KeyKind.Vlek, KeyKind.Vlek)]
    public void T17_ReportAndLeaf_MustNameOneKind(KeyKind named, KeyKind presented)
    {
        Scenario scenario = Scenario.Of(VirtualAmd.Milan, presented);
        List<CheckResult> checks = [];

        bool holds = ChainVerifier.TryVerify(named, ProductLine.Milan, scenario.Bundle, scenario.Roots, scenario.At, checks, out _);

        Assert.Equal(named == presented, holds);
        Assert.Equal(holds ? CheckStatus.Passed : CheckStatus.Failed, checks.Single(c => c.Id == CheckId.KeyKindIsConsistent).Status);
    }

    [Fact]
    public void TwoDifferentCertificatesOfOneRole_AreAmbiguous()
    {
        Scenario good = Scenario.Vcek();

        AssertFails(good, CheckId.CertificatesMatchProfile, good.Amd.Vcek().Certificate);
        AssertFails(good, CheckId.CertificatesMatchProfile, LookAlike.Ask.Certificate);
        AssertFails(good, CheckId.CertificatesMatchProfile, LookAlike.Ark.Certificate);
        Assert.NotNull(Authenticate(good, LookAlike.Asvk.Certificate).Verified);
        Assert.NotNull(Authenticate(good, VirtualAmd.Genoa.Ark.Certificate, VirtualAmd.Genoa.Ask.Certificate).Verified);
        Assert.NotNull(Authenticate(good, good.Leaf.Certificate, good.Issuer, good.Root).Verified);
    }

    [Fact]
    public void T15_LookAlikeChain_IsRefusedHoweverMuchOfItIsGiven()
    {
        Scenario good = Scenario.Vcek();
        Scenario forged = Scenario.Of(LookAlike) with { Roots = good.Roots };
        byte[] report = forged.SignReport();

        forged.Authenticate(report, forged.Bundle).AssertFirstFailure(CheckId.RootIsPinned);
        forged.Authenticate(report, Bundle(forged.Leaf.Certificate, LookAlike.Ask.Certificate, good.Root)).AssertFirstFailure(CheckId.CertificatesMatchProfile);
        forged.Authenticate(report, Bundle(forged.Leaf.Certificate, good.Issuer, good.Root)).AssertFirstFailure(CheckId.ChainSignaturesAreValid);
        forged.Authenticate(report, Bundle(forged.Leaf.Certificate, LookAlike.Ask.Certificate)).AssertFirstFailure(CheckId.RootIsPinned);
        good.Authenticate(report, good.Bundle).AssertFirstFailure(CheckId.ReportSignatureIsValid);
    }

    [Fact]
    public void T25_LeafAsIssuerOfALeaf_IsRefused()
    {
        Scenario good = Scenario.Vcek();
        Scenario forged = good with { Leaf = good.Amd.Vcek().With(r => r with { Issuer = AmdName.Of("SEV-VCEK"), Sign = good.Leaf.SignAsIssuer }) };

        Authentication result = forged.Authenticate(forged.SignReport(), Bundle(forged.Leaf.Certificate, good.Leaf.Certificate, good.Issuer, good.Root));

        Assert.Null(result.Verified);
        Assert.Single(result.Checks, c => c.Status == CheckStatus.Failed);
    }

    [Fact]
    public void ExtraRoot_NeedNotComeWithTheEvidence()
    {
        Scenario good = Scenario.Vcek();
        Authentication result = good.Authenticate(good.SignReport(), Bundle(good.Leaf.Certificate, good.Issuer));
        Assert.True(result.Verified?.Endorsement.IsUnsafeExtraRoot);
    }

    [Fact]
    public void AnyFaultInWhatIsPresented_RefusesTheEvidence()
    {
        Scenario good = Scenario.Vcek();
        AssertFails(good, CheckId.CertificatesMatchProfile, [1, 2, 3]);
        AssertFails(good, CheckId.LeafKeyIsP384, VirtualAmd.Genoa.Vcek().With(r => r with { PublicKey = [.. r.PublicKey[..^1], (byte)(r.PublicKey[^1] ^ 1)] }).Certificate);
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(0, true)]
    public void T23_Intermediate_MustBeValidToo(int secondsAfterItsStart, bool holds)
    {
        Scenario good = Scenario.Vcek();
        VirtualAmd amd = good.Amd.WithAsk(r => r with { NotBefore = good.At.AddSeconds(-secondsAfterItsStart) });

        Authentication result = (good with { Issuer = amd.Ask.Certificate }).Authenticate();

        Assert.Equal(holds ? CheckStatus.Passed : CheckStatus.Failed, result.Check(CheckId.CertificatesAreInValidity).Status);
        Assert.Equal(holds, result.Verified is not null);
    }

    private static void AssertFails(Scenario scenario, CheckId id, params byte[][] more) => Authenticate(scenario, more).AssertFirstFailure(id);

    private static Authentication Authenticate(Scenario scenario, params byte[][] more) =>
        scenario.Authenticate(scenario.SignReport(), scenario.Bundle.With(Bundle(more)));

    private static CertificateBundle Bundle(params byte[][] certificates) => CertificateBundle.FromDer(certificates.Select(c => (ReadOnlyMemory<byte>)c));
}
