using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

public sealed class AuthorityVerifierTests
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;
    private static readonly Lazy<VirtualAmd> LookAlike = new(() => VirtualAmd.Create(ProductLine.Milan));

    [Theory]
    [InlineData(KeyKind.Vcek, ProductLine.Milan)]
    [InlineData(KeyKind.Vlek, ProductLine.Milan)]
    [InlineData(KeyKind.Vcek, ProductLine.Turin)]
    public void IntermediateUnderThePinnedRoot_Holds(KeyKind kind, ProductLine product)
    {
        VirtualAmd amd = VirtualAmd.For(product);
        Assert.Null(AuthorityVerifier.VerifyIssuer(kind, product, CertificateBundle.FromPem(amd.ChainPem(kind)), amd.Roots, VirtualAmd.Now));
    }

    [Fact]
    public void IntermediateOfAnExtraRoot_NeedsNoRootBesideIt() =>
        Assert.Null(AuthorityVerifier.VerifyIssuer(KeyKind.Vcek, ProductLine.Milan, Bundle(Amd.Ask.Certificate), Amd.Roots, VirtualAmd.Now));

    [Fact]
    public void T15_LookAlikeChain_HasNoPinnedRoot()
    {
        VirtualAmd lookAlike = LookAlike.Value;
        Fails(CheckId.RootIsPinned, lookAlike.Ask.Certificate, lookAlike.Ark.Certificate);
        Fails(CheckId.RootIsPinned, lookAlike.Ask.Certificate);
    }

    [Fact]
    public void T15_ForeignIntermediateBesideThePinnedRoot_IsNotSigned() =>
        Fails(CheckId.ChainSignaturesAreValid, LookAlike.Value.Ask.Certificate, Amd.Ark.Certificate);

    [Fact]
    public void TwoIntermediates_AreAmbiguous() =>
        Fails(CheckId.CertificatesMatchProfile, Amd.Ask.Certificate, LookAlike.Value.Ask.Certificate, Amd.Ark.Certificate);

    [Fact]
    public void IssuerOfTheOtherKind_IsNone() => Fails(CheckId.CertificatesMatchProfile, Amd.Asvk.Certificate, Amd.Ark.Certificate);

    [Fact]
    public void IssuerOfAnotherProduct_IsNone() => Fails(CheckId.CertificatesMatchProfile, VirtualAmd.Genoa.Ask.Certificate, VirtualAmd.Genoa.Ark.Certificate);

    [Fact]
    public void ExpiredIntermediate_IsOutsideItsValidity()
    {
        VirtualAmd expired = Amd.WithAsk(r => r with { NotAfter = VirtualAmd.Now.AddSeconds(-301) });
        Fails(CheckId.CertificatesAreInValidity, expired.Ask.Certificate, Amd.Ark.Certificate);
    }

    [Fact]
    public void CurrentListOfThePinnedRoot_Holds() => Assert.Null(Verify(Amd.RevocationList()));

    [Fact]
    public void ListThatNamesTheIntermediate_HoldsAndIsKept() =>
        Assert.Null(Verify(Amd.RevocationList() with { Revoked = [Amd.Ask.Recipe.Serial] }));

    [Fact]
    public void T24_ListOfAnotherSigner_IsRefused() =>
        Assert.Equal(CheckId.CertificatesAreNotRevoked, Verify(Amd.RevocationList() with { Sign = LookAlike.Value.Ark.Sign })!.Value.Check);

    [Fact]
    public void T24_StaleList_IsRefused() =>
        Assert.Equal(CheckId.CertificatesAreNotRevoked, Verify(Amd.RevocationList() with { NextUpdate = VirtualAmd.Now.AddSeconds(-301) })!.Value.Check);

    [Fact]
    public void ListWithoutItsRoot_IsRefused()
    {
        Assert.True(RevocationList.TryParse(Amd.RevocationList().Mint(), out RevocationList? list, out _));
        Assert.Equal(CheckId.RootIsPinned, AuthorityVerifier.VerifyRevocationList(list, Bundle(LookAlike.Value.Ark.Certificate), Amd.Roots, VirtualAmd.Now)!.Value.Check);
    }

    private static EvidenceFault? Verify(RevocationListRecipe recipe)
    {
        Assert.True(RevocationList.TryParse(recipe.Mint(), out RevocationList? list, out EvidenceFault fault), fault.ToString());
        return AuthorityVerifier.VerifyRevocationList(list, Bundle(Amd.Ark.Certificate), Amd.Roots, VirtualAmd.Now);
    }

    private static void Fails(CheckId check, params byte[][] certificates)
    {
        EvidenceFault? fault = AuthorityVerifier.VerifyIssuer(KeyKind.Vcek, ProductLine.Milan, Bundle(certificates), Amd.Roots, VirtualAmd.Now);
        Assert.Equal(check, fault?.Check);
    }

    private static CertificateBundle Bundle(params byte[][] certificates) => CertificateBundle.FromDer(certificates.Select(der => new ReadOnlyMemory<byte>(der)));
}
