using System.Globalization;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Tests.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

public class AmdCertificateRealTests
{
    public static TheoryData<string> Names => new(Vectors.SnpNames);

    public static MatrixTheoryData<ProductLine, CertificateRole> Authorities => new(ProductLines.All, RealCertificates.Authorities);

    [Theory]
    [MemberData(nameof(Names))]
    public void RealLeaf_SaysWhatIsExpected(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(name);
        SnpLeafFields expected = vector.Leaf;

        AmdCertificate leaf = RealCertificates.Leaf(vector);

        Assert.Equal(vector.IsVlek ? CertificateRole.Vlek : CertificateRole.Vcek, leaf.Role);
        Assert.Equal(vector.ProductLine, leaf.Product.ToString());
        Assert.Equal(expected.Sha256, leaf.Sha256.ToString());
        Assert.Equal(expected.SpkiSha256, leaf.PublicKeySha256.ToString());
        Assert.Equal(Time(expected.NotBefore), leaf.NotBefore);
        Assert.Equal(Time(expected.NotAfter), leaf.NotAfter);
        Assert.Equal("00", leaf.SerialNumber.ToString());
        TcbLayout layout = expected.StructVersion == 1 ? TcbLayout.Turin : TcbLayout.Legacy;
        TcbVersion tcb = new(layout, expected.FmcSpl ?? 0, expected.BlSpl, expected.TeeSpl, expected.SnpSpl, expected.UcodeSpl);
        KeyKind kind = vector.IsVlek ? KeyKind.Vlek : KeyKind.Vcek;
        Assert.Equal(kind, leaf.Leaf?.Kind);
        Assert.Equal(tcb, leaf.Leaf?.Tcb);
        Assert.Equal(expected.Hwid, leaf.Leaf?.HardwareId?.ToString());
        Assert.Equal(expected.CspId, leaf.Leaf?.CspId);
    }

    [Theory]
    [MemberData(nameof(Authorities))]
    public void RealAuthority_HasItsRoleAndProduct(ProductLine product, CertificateRole role)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);

        AmdCertificate authority = RealCertificates.Authority(product, role);

        Assert.Equal((role, product), (authority.Role, authority.Product));
        Assert.Null(authority.Leaf);
        Assert.Equal((int)product, authority.SerialNumber.Span[0]);
        Assert.Equal(authority.NotBefore.AddYears(25), authority.NotAfter);
    }

    [Fact]
    public void RealAuthorities_SignEachOtherOnlyAsTheHierarchySays()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        AmdCertificate[] all = [.. RealCertificates.All()];
        Assert.True(all.Length >= 9 + 10);
        foreach (AmdCertificate issuer in all)
        {
            Assert.All(all, subject => Assert.Equal(
                issuer.Role == subject.Role.Issuer() && issuer.Product == subject.Product,
                issuer.HasSigned(subject)));
        }
    }

    [Theory]
    [MemberData(nameof(Authorities))]
    public void RealChainFile_HoldsTheSameCertificatesInPem(ProductLine product, CertificateRole role)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        CertificateBundle chain = RealEvidence.Chain(product.ToString(), isVlek: role == CertificateRole.Asvk);

        Assert.Empty(chain.Faults);
        Assert.Equal(2, chain.Certificates.Count);
        Assert.Equal(RealCertificates.AuthorityDer(product, role), chain.Find(role, product)?.Der.ToArray());
    }

    [Fact]
    public void T28_TwoLeavesWithOneIssuerAndSerialNumber_AreKeptApart()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        AmdCertificate first = RealCertificates.Leaf(Vectors.SnpByName("milan-v2-a"));
        AmdCertificate second = RealCertificates.Leaf(Vectors.SnpByName("milan-v2-b"));
        Assert.Equal((first.SerialNumber, first.Product), (second.SerialNumber, second.Product));

        CertificateBundle bundle = CertificateBundle.FromDer([first.Der, second.Der, first.Der]);

        Assert.Equal([first.Sha256, second.Sha256], bundle.Certificates.Select(c => c.Sha256));
        RealEvidence.Authenticate(Vectors.SnpByName("milan-v2-a"), bundle, VirtualAmd.Now).AssertFirstFailure(CheckId.CertificatesMatchProfile);
    }

    [Fact]
    public void ReissuedLeaf_HasAnotherHashAndTheSameKey()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        AmdCertificate first = RealCertificates.Parse(File.ReadAllBytes(Vectors.Path("snp", "genoa-v5-zen4c", "vcek.der")));
        AmdCertificate again = RealCertificates.Parse(File.ReadAllBytes(Vectors.Path("snp", "genoa-v5-zen4c", "vcek-reissued.der")));

        Assert.NotEqual(first.Sha256, again.Sha256);
        Assert.Equal(first.PublicKeySha256, again.PublicKeySha256);
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
