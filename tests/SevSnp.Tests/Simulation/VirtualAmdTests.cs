using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SevSnp.Launch;
using SevSnp.Reports;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>The simulation itself, judged by the platform's own X.509 code and not by the library under test.</summary>
public sealed class VirtualAmdTests
{
    public static MatrixTheoryData<ProductLine, KeyKind> Kinds => new(ProductLines.All, [KeyKind.Vcek, KeyKind.Vlek]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void MintedChain_IsValidToThePlatform(ProductLine product, KeyKind kind)
    {
        VirtualAmd amd = VirtualAmd.For(product);
        Assert.Equal(X509ChainStatusFlags.NoError, PlatformStatus(Leaf(amd, kind).Certificate, amd.IssuerOf(kind).Certificate, amd.Ark.Certificate));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void OtherIssuer_IsInvalidToThePlatform(ProductLine product, KeyKind kind)
    {
        VirtualAmd amd = VirtualAmd.For(product);
        byte[] wrong = amd.IssuerOf(kind == KeyKind.Vcek ? KeyKind.Vlek : KeyKind.Vcek).Certificate;
        Assert.NotEqual(X509ChainStatusFlags.NoError, PlatformStatus(Leaf(amd, kind).Certificate, wrong, amd.Ark.Certificate));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SignedReport_VerifiesUnderTheLeafsKeyOnly(ProductLine product, KeyKind kind)
    {
        SimulatedKey leaf = Leaf(VirtualAmd.For(product), kind);
        byte[] report = ReportBuilder.For(leaf).Sign(leaf);
        byte[] signature = [.. report[0x2A0..0x2D0].Reverse(), .. report[0x2E8..0x318].Reverse()];

        Assert.True(VerifyWithPlatform(leaf.Certificate, report, signature));
        Assert.False(VerifyWithPlatform(Leaf(VirtualAmd.For(product), kind).Certificate, report, signature));
        report[0x90] ^= 1;
        Assert.False(VerifyWithPlatform(leaf.Certificate, report, signature));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void BuiltReport_ParsesWithTheFieldsThatWereSet(uint version)
    {
        foreach (ProductLine product in ProductLines.All)
        {
            SimulatedChip chip = SimulatedChip.Named(product);
            SimulatedKey leaf = VirtualAmd.For(product).Vcek(chip);
            ReportBuilder builder = ReportBuilder.For(leaf, version);

            Assert.True(AttestationReport.TryParse(builder.Sign(leaf), out AttestationReport? report, out var fault), fault.ToString());
            Assert.Equal(version, report.Version);
            Assert.Equal(version == 2 ? null : chip.Cpu, report.Cpu);
            Assert.Equal(builder.Policy, report.Policy.Raw);
            Assert.Equal(builder.Measurement, report.Measurement.ToArray());
            Assert.Equal(builder.ReportData, report.ReportData.Span.ToArray());
            Assert.Equal(chip.ChipId, report.ChipId.Span.ToArray());
            Assert.Equal(version == 5 ? builder.CurrentMitigations : null, report.CurrentMitigations);
            Assert.True(report.TryDecodeTcbs(product.TcbLayout(), out TcbVersions tcbs, out _));
            Assert.Equal(new TcbVersions(leaf.Tcb, leaf.Tcb, leaf.Tcb, leaf.Tcb), tcbs);
        }
    }

    private static SimulatedKey Leaf(VirtualAmd amd, KeyKind kind) => kind == KeyKind.Vlek ? amd.Vlek() : amd.Vcek();

    private static X509ChainStatusFlags PlatformStatus(byte[] leafDer, byte[] issuerDer, byte[] rootDer)
    {
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(leafDer);
        using X509Certificate2 issuer = X509CertificateLoader.LoadCertificate(issuerDer);
        using X509Certificate2 root = X509CertificateLoader.LoadCertificate(rootDer);
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ExtraStore.Add(issuer);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = VirtualAmd.Now.UtcDateTime;
        chain.Build(leaf);
        X509ChainStatusFlags status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        foreach (X509ChainElement element in chain.ChainElements)
        {
            element.Certificate.Dispose();
        }

        return status;
    }

    private static bool VerifyWithPlatform(byte[] leafDer, byte[] report, byte[] signature)
    {
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(leafDer);
        using ECDsa key = leaf.GetECDsaPublicKey()!;
        return key.VerifyData(report[..0x2A0], signature, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
