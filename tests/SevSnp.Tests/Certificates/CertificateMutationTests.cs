using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

/// <summary>T27: changed encodings of the real certificates.</summary>
public class CertificateMutationTests
{
    [Fact]
    public void T27_EverySingleBitFlip_IsRefusedOrNoLongerSigned()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        AmdCertificate[] authorities = [.. RealCertificates.AllAuthorities()];
        foreach (AmdCertificate certificate in OneOfEachForm())
        {
            AmdCertificate issuer = authorities.Single(a => a.Role == certificate.Role.Issuer() && a.Product == certificate.Product);
            Assert.True(issuer.HasSigned(certificate));
            int parsed = 0;
            Parallel.For(0, certificate.Der.Length * 8, new ParallelOptions { MaxDegreeOfParallelism = 2 }, bit =>
            {
                byte[] changed = certificate.Der.ToArray();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                if (AmdCertificate.TryParse(changed, out AmdCertificate? other, out _))
                {
                    Interlocked.Increment(ref parsed);
                    Assert.False(issuer.HasSigned(other), $"bit {bit % 8} of byte {bit / 8} of a {certificate.Role} flipped, and still signed");
                    Assert.False(TrustRoots.IsAmd(other));
                }
            });

            // The signature's 4096 bits are free of rules; of the rest most bits are bound by one.
            Assert.InRange(parsed, 4096, (certificate.Der.Length * 8) - 2000);
        }
    }

    [Fact]
    public void T27_EveryTruncationAndEveryTrailingByte_IsRefused()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        foreach (AmdCertificate certificate in RealCertificates.All())
        {
            byte[] der = certificate.Der.ToArray();
            for (int length = 0; length < der.Length; length++)
            {
                RealCertificates.Fault(der.AsSpan(0, length));
            }

            RealCertificates.Fault([.. der, 0]);
            RealCertificates.Fault([.. der, 0x05, 0x00]);
            RealCertificates.Fault([.. der, .. der]);
        }
    }

    [Fact]
    public void T27_LengthsThatDerForbids_AreRefused()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        foreach (AmdCertificate certificate in RealCertificates.All())
        {
            byte[] der = certificate.Der.ToArray();
            Assert.Equal([0x30, 0x82], der[..2]);
            Assert.Equal(CheckId.CertificatesMatchProfile, RealCertificates.Fault([0x30, 0x83, 0, .. der[2..]]).Check);
            Assert.Equal(CheckId.CertificatesMatchProfile, RealCertificates.Fault([0x30, 0x80, .. der[4..], 0, 0]).Check);
            Assert.Equal(CheckId.CertificatesMatchProfile, RealCertificates.Fault([0x3F, 0x10, .. der[1..]]).Check);
        }
    }

    [Fact]
    public void T27_BytesThatAreNoCertificate_AreRefused()
    {
        byte[] nested = [.. Enumerable.Repeat<byte[]>([0x30, 0x80], 4000).SelectMany(b => b)];
        byte[] deep = [];
        for (int i = 0; i < 1500; i++)
        {
            deep = Der.Sequence(deep);
        }

        foreach (byte[] bytes in (byte[][])[[], [0], [0x30], [0x30, 0], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], nested, deep, [.. Enumerable.Repeat((byte)0xFF, 4096)]])
        {
            Assert.Equal(CheckId.CertificatesMatchProfile, RealCertificates.Fault(bytes).Check);
        }
    }

    [Theory]
    [InlineData(8 * 1024)]
    [InlineData((8 * 1024) + 1)]
    [InlineData(1 << 20)]
    public void T27_Size_IsBoundedBeforeAnythingIsRead(int size)
    {
        EvidenceFault fault = RealCertificates.Fault(new byte[size]);
        Assert.Equal(size > AmdCertificate.MaxSize, fault.Rule.Contains("at most 8192", StringComparison.Ordinal));
    }

    [Fact]
    public void T27_PemWhereDerIsDue_IsRefused()
    {
        byte[] der = VirtualAmd.Milan.Ark.Certificate;
        Assert.True(AmdCertificate.TryParse(der, out _, out _));
        RealCertificates.Fault(System.Text.Encoding.ASCII.GetBytes(Pem.Certificates(der)));
    }

    [Fact]
    public void ParsedCertificate_KeepsItsOwnCopy()
    {
        byte[] der = [.. VirtualAmd.Milan.Ark.Certificate];
        AmdCertificate certificate = RealCertificates.Parse(der);
        string before = certificate.Sha256.ToString();
        Array.Clear(der);

        Assert.True(certificate.HasSigned(certificate));
        Assert.Equal(before, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(certificate.Der.Span)));
        Assert.Equal(ProductLine.Milan, certificate.Product);
    }

    // Three authorities; both leaf kinds, both TCB layouts, and PSS parameters with and without trailer field.
    private static IEnumerable<AmdCertificate> OneOfEachForm() =>
        RealCertificates.Authorities.Select(role => RealCertificates.Authority(ProductLine.Milan, role))
            .Concat(((string[])["milan-v2-a", "milan-v5-vlek", "turin-v5-idblock"]).Select(name => RealCertificates.Leaf(Vectors.SnpByName(name))));
}
