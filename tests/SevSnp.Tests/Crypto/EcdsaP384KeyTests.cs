using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Crypto;
using SevSnp.Reports;
using SevSnp.Tests.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Crypto;

public class EcdsaP384KeyTests
{
    public static TheoryData<string> ReportNames => new(Vectors.SnpReportNames);

    [Fact]
    public void T11_WycheproofP1363_AllCasesThroughTheProductionEntry()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        foreach (WycheproofCase test in Wycheproof.P1363())
        {
            Assert.True(EcdsaP384Key.TryCreate(test.PublicKey, out EcdsaP384Key? key), $"{test}: key");
            Assert.True(test.IsValid == key.Verify(test.Message, test.Signature), $"{test}");
        }
    }

    [Fact]
    public void T11_WycheproofP1363_BothEnginesAgree()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        foreach (WycheproofCase test in Wycheproof.P1363())
        {
            Assert.True(EcdsaP384Key.TryCreate(test.PublicKey, out EcdsaP384Key? key), $"{test}: key");
            Assert.True(test.IsValid == key.Verify(test.Message, test.Signature, SignatureEngine.OpenSsl), $"{test}");
            Assert.True(test.IsValid == key.Verify(test.Message, test.Signature, SignatureEngine.BouncyCastle), $"{test}");
        }
    }

    [Fact]
    public void T11_WycheproofP1363_TheTableOfAKeyAgrees()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        int checkedByTable = 0;
        foreach (IGrouping<string, WycheproofCase> group in Wycheproof.P1363().GroupBy(t => Convert.ToHexString(t.PublicKey)))
        {
            BouncyCastleEcdsaP384Verifier table = new(Convert.FromHexString(group.Key), usesBeforeTable: 0);
            foreach (WycheproofCase test in group.Where(t => P384.IsInRange(t.Signature)))
            {
                Assert.True(test.IsValid == table.Verify(SHA384.HashData(test.Message), test.Signature), $"{test}");
                checkedByTable++;
            }
        }

        Assert.InRange(checkedByTable, 150, 280);
    }

    [Fact]
    public void T11_WycheproofDer_IsRefusedInEveryCase()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        foreach (WycheproofCase test in Wycheproof.Der())
        {
            Assert.True(EcdsaP384Key.TryCreate(test.PublicKey, out EcdsaP384Key? key), $"{test}: key");
            Assert.False(key.Verify(test.Message, test.Signature), $"{test}");
        }
    }

    [Fact]
    public void T07_WycheproofP1363_GivesTheSameInTheReportsLittleEndianForm()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        foreach (WycheproofCase test in Wycheproof.P1363().Where(t => t.Signature.Length == P384.SignatureSize))
        {
            byte[] bytes = MinimalReport.WithSignature(test.Signature[..48], test.Signature[48..]);
            Assert.True(AttestationReport.TryParse(bytes, out AttestationReport? report, out _), $"{test}");
            byte[] signature = new byte[ReportSignature.Size];
            ReportSignature.Read(report, signature);
            Assert.True(EcdsaP384Key.TryCreate(test.PublicKey, out EcdsaP384Key? key));
            Assert.True(test.Signature.AsSpan().SequenceEqual(signature), $"{test}: byte order");
            Assert.True(test.IsValid == key.Verify(test.Message, signature), $"{test}");
        }
    }

    [Fact]
    public void T08_WycheproofP1363_NumbersLongerThan48BytesAreNoReport()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        int refused = 0;
        foreach (WycheproofCase test in Wycheproof.P1363().Where(t => t.Signature.Length is > P384.SignatureSize and <= 144))
        {
            int half = test.Signature.Length / 2;
            byte[] bytes = MinimalReport.WithSignature(test.Signature[..half], test.Signature[half..]);
            bool isLong = test.Signature.AsSpan(0, half - 48).ContainsAnyExcept((byte)0) || test.Signature.AsSpan(half, half - 48).ContainsAnyExcept((byte)0);
            Assert.True(AttestationReport.TryParse(bytes, out _, out EvidenceFault fault) == !isLong, $"{test}");
            Assert.Equal(isLong ? CheckId.SignatureIsWellFormed : CheckId.None, fault.Check);
            refused += isLong ? 1 : 0;
        }

        Assert.NotEqual(0, refused);
    }

    [Theory]
    [MemberData(nameof(ReportNames))]
    public void RealReport_BothEnginesAgreeOnItAndOnChangedOnes(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(name);
        AmdCertificate leaf = Assert.Single(RealEvidence.Leaf(vector).Certificates);
        AttestationReport report = RealEvidence.Report(vector);
        byte[] signature = new byte[ReportSignature.Size];
        ReportSignature.Read(report, signature);
        Assert.True(EcdsaP384Key.TryCreate(PublicPoint(leaf), out EcdsaP384Key? platform));

        bool expected = vector.Expected.ReportSignature == "ok";
        Assert.Equal(expected, leaf.EndorsementKey!.Verify(report.SignedBytes, signature));
        Assert.Equal(expected, platform.Verify(report.SignedBytes, signature, SignatureEngine.OpenSsl));
        byte[] changed = report.SignedBytes.ToArray();
        changed[0x90] ^= 0x80;
        Assert.False(leaf.EndorsementKey.Verify(changed, signature));
        Assert.False(platform.Verify(changed, signature, SignatureEngine.OpenSsl));
    }

    [Fact]
    public void MintedSignatures_BothEnginesAgree()
    {
        using ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        byte[] point = Point(signer.ExportParameters(false));
        Assert.True(EcdsaP384Key.TryCreate(point, out EcdsaP384Key? key));
        for (int i = 0; i < 64; i++)
        {
            byte[] message = RandomNumberGenerator.GetBytes(i * 11);
            byte[] signature = signer.SignData(message, HashAlgorithmName.SHA384);
            Assert.True(key.Verify(message, signature));
            Assert.True(key.Verify(message, signature, SignatureEngine.OpenSsl));
            signature[i] ^= 0x10;
            Assert.False(key.Verify(message, signature));
            Assert.False(key.Verify(message, signature, SignatureEngine.OpenSsl));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(95)]
    [InlineData(97)]
    [InlineData(144)]
    public void SignatureOfAnotherLength_IsRefused(int length)
    {
        using ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.True(EcdsaP384Key.TryCreate(Point(signer.ExportParameters(false)), out EcdsaP384Key? key));
        byte[] signature = signer.SignData([1, 2, 3], HashAlgorithmName.SHA384);
        Assert.True(key.Verify([1, 2, 3], signature));
        Array.Resize(ref signature, length);
        Assert.False(key.Verify([1, 2, 3], signature));
    }

    private static byte[] PublicPoint(AmdCertificate leaf)
    {
        using X509Certificate2 platform = X509CertificateLoader.LoadCertificate(leaf.Der.Span);
        using ECDsa key = platform.GetECDsaPublicKey()!;
        return Point(key.ExportParameters(false));
    }

    private static byte[] Point(ECParameters key) => [0x04, .. key.Q.X!, .. key.Q.Y!];
}
