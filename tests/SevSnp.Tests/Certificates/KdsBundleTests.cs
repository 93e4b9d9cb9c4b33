using System.Text;
using SevSnp.Certificates;
using SevSnp.Checks;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

public sealed class KdsBundleTests
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;
    private static readonly SimulatedKey Vcek = Amd.Vcek();

    [Fact]
    public void Order_DoesNotChangeTheBytes()
    {
        AmdCertificate[] certificates = [Certificate(Amd.Ark.Certificate), Certificate(Amd.Ask.Certificate), Certificate(Amd.Asvk.Certificate), Certificate(Vcek.Certificate)];
        RevocationList[] lists = [List(), List()];
        string pem = KdsBundle.Of(certificates, lists).ToPem();

        Assert.Equal(pem, KdsBundle.Of(certificates.Reverse().Concat(certificates), lists.Reverse().Concat(lists)).ToPem());
        Assert.True(KdsBundle.TryParse(Encoding.ASCII.GetBytes("any text\n" + pem), out KdsBundle? read, out _));
        Assert.Equal(pem, read.ToPem());
        Assert.Empty(read.Verify(Amd.Roots, VirtualAmd.Now));
    }

    [Fact]
    public void T15_RootThatIsNotPinned_IsFoundInEveryEntry()
    {
        KdsBundle bundle = Whole();
        Assert.Equal(4, bundle.Verify(TrustRoots.Amd, VirtualAmd.Now).Count(f => !f.IsExpired));
    }

    [Fact]
    public void EveryChangedByte_IsRefusedOrFound()
    {
        byte[] genuine = Whole().Certificates[^1].Der.ToArray();
        for (int i = 0; i < genuine.Length; i += 7)
        {
            byte[] changed = [.. genuine];
            changed[i] ^= 1;
            if (!AmdCertificate.TryParse(changed, out AmdCertificate? certificate, out _) || certificate.Role == CertificateRole.Vlek)
            {
                continue;
            }

            KdsBundle bundle = KdsBundle.Of([Certificate(Amd.Ark.Certificate), Certificate(Amd.Ask.Certificate), certificate], []);
            Assert.Contains(bundle.Verify(Amd.Roots, VirtualAmd.Now), f => !f.IsExpired);
        }
    }

    [Fact]
    public void EntryThatIsOver_IsToldApartFromOneThatNeverHeld()
    {
        KdsBundleFinding[] findings = [.. Whole().Verify(Amd.Roots, VirtualAmd.Now.AddYears(100))];
        Assert.Equal(4, findings.Length);
        Assert.All(findings, f => Assert.True(f.IsExpired));
    }

    [Theory]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA", "entry 5")]
    [InlineData("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", "entry 5")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "entry 5")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE", "entry 5")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END X509 CRL-----\n", "entry 5")]
    [InlineData("-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "entry 5")]
    [InlineData("-----BEGIN -----END CERTIFICATE-----\n", "entry 5")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "entry 5: label")]
    public void BlockThatIsNone_IsRefusedByItsNumber(string block, string field)
    {
        Assert.False(KdsBundle.TryParse(Encoding.ASCII.GetBytes(Whole().ToPem() + block), out _, out EvidenceFault fault));
        Assert.StartsWith(field, fault.Field, StringComparison.Ordinal);
    }

    // With a search through the rest of the file for each of them it would take hours.
    [Theory(Timeout = 60_000)]
    [InlineData("-----BEGIN A-----\n")]
    [InlineData("-----BEGIN A-----\n-----END B-----\n")]
    public async Task LargestFileOfBlocksThatAreNone_IsRefusedAtOnce(string block)
    {
        byte[] one = Encoding.ASCII.GetBytes(block), all = new byte[KdsBundle.MaxSize / one.Length * one.Length];
        for (int at = 0; at < all.Length; at += one.Length)
        {
            one.CopyTo(all, at);
        }

        EvidenceFault fault = await Task.Run(() => KdsBundle.TryParse(all, out _, out EvidenceFault found) ? default : found, TestContext.Current.CancellationToken);
        Assert.Equal("entry 1", fault.Field);
    }

    [Fact]
    public void Vlek_IsRefused()
    {
        string pem = System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", Amd.Vlek().Certificate);
        Assert.False(KdsBundle.TryParse(Encoding.ASCII.GetBytes(pem), out _, out EvidenceFault fault));
        Assert.Contains("VLEK", fault.Field, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => KdsBundle.Of([Certificate(Amd.Vlek().Certificate)], []));
    }

    private static KdsBundle Whole() =>
        KdsBundle.Of([Certificate(Amd.Ark.Certificate), Certificate(Amd.Ask.Certificate), Certificate(Vcek.Certificate)], [List()]);

    private static AmdCertificate Certificate(byte[] der) => CertificateBundle.FromDer([der]).Certificates[0];

    private static RevocationList List() => CertificateBundle.Empty.WithRevocationLists([Amd.RevocationList().Mint()]).RevocationLists[0];
}
