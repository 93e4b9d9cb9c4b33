using System.Security.Cryptography;
using SevSnp.Checks;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>Milan ASKs with one defect (T25, T26).</summary>
internal static class FaultyAuthorities
{
    private const CheckId Profile = CheckId.CertificatesMatchProfile;

    public static IEnumerable<FaultyCertificate> All() => [.. Roles(), .. Keys(), .. Names(), .. Signatures()];

    private static IEnumerable<FaultyCertificate> Roles() =>
    [
        new("no basic constraints", Profile, r => r.Without(Oids.BasicConstraints)),
        new("basic constraints not critical", Profile, r => r.WithCritical(Oids.BasicConstraints, false)),
        new("no CA", Profile, r => r.WithValue(Oids.BasicConstraints, Der.Sequence())),
        new("no path length", Profile, r => r.WithValue(Oids.BasicConstraints, Der.Sequence(Der.True()))),
        new("path length 1", Profile, r => r.WithValue(Oids.BasicConstraints, Der.Sequence(Der.True(), Der.Number(1)))),
        new("CA in BER", Profile, r => r.WithValue(Oids.BasicConstraints, Der.Sequence(Der.Tlv(0x01, [0x01]), Der.Number(0)))),
        new("no key usage", Profile, r => r.Without(Oids.KeyUsage)),
        new("key usage not critical", Profile, r => r.WithCritical(Oids.KeyUsage, false)),
        new("key usage cRLSign as well", Profile, r => r.WithValue(Oids.KeyUsage, 0x03, 0x02, 0x01, 0x06)),
        new("key usage digitalSignature", Profile, r => r.WithValue(Oids.KeyUsage, 0x03, 0x02, 0x07, 0x80)),
        new("key usage twice", CheckId.CertificateExtensionsAreKnown, r => r.Twice(Oids.KeyUsage)),
        new("no subject key identifier", Profile, r => r.Without(Oids.SubjectKeyIdentifier)),
        new("no authority key identifier", Profile, r => r.Without(Oids.AuthorityKeyIdentifier)),
        new("another authority key identifier", Profile, r => r.WithValue(Oids.AuthorityKeyIdentifier, Der.Sequence(Der.Tlv(0x80, new byte[20])))),
        new("name constraints, critical", CheckId.CertificateExtensionsAreKnown, r => r.Plus(new(Oids.NameConstraints, Der.Sequence(), Critical: true))),
        new("serial number 0", Profile, r => r with { Serial = Der.Number(0) }),
    ];

    private static IEnumerable<FaultyCertificate> Keys() =>
    [
        new("RSA 2048", Profile, r => r with { PublicKey = CertificateAuthority.PublicKeyOf(CertificateAuthority.NewKey(2048)) }),
        new("RSA 3072", Profile, r => r with { PublicKey = CertificateAuthority.PublicKeyOf(CertificateAuthority.NewKey(3072)) }),
        new("RSA with exponent 3", Profile, r => r with { PublicKey = RsaKey(VirtualAmd.Milan.Ask.Key.Modulus!, [3]) }),
        new("RSA with an even modulus", Profile, r => r with { PublicKey = RsaKey([.. VirtualAmd.Milan.Ask.Key.Modulus![..^1], 0], [1, 0, 1]) }),
        new("EC P-384", Profile, r => r with { PublicKey = EcKey() }),
        new("RSA-PSS as the key's algorithm", Profile, r => r with { PublicKey = Der.Sequence(SignatureAlgorithm.Pss(), r.PublicKey[19..]) }),
        new("another RSA 4096 key", CheckId.ChainSignaturesAreValid, r => r with { PublicKey = CertificateAuthority.PublicKeyOf(VirtualAmd.Milan.Asvk.Key) }),
    ];

    private static IEnumerable<FaultyCertificate> Names() =>
    [
        new("issued by Genoa's ARK", CheckId.ProductIsConsistent, r => r with { Issuer = AmdName.Of("ARK-Genoa"), Sign = VirtualAmd.Genoa.Ark.Sign }),
        new("issued by itself", Profile, r => r with { Issuer = r.Subject, Sign = VirtualAmd.Milan.Ask.Sign }),
        new("issued by the ASVK", Profile, r => r with { Issuer = AmdName.Of("SEV-VLEK-Milan"), Sign = VirtualAmd.Milan.Asvk.Sign }),
        new("subject of an unknown product", Profile, r => r with { Subject = AmdName.Of("SEV-Venice") }),
        new("subject of another organization", Profile, r => r with { Subject = AmdName.Of("SEV-Milan", "Advanced Micro Devices, Inc.") }),

        // These are read as what they say they are; then the place of the ASK is empty.
        new("subject of the ASVK", CheckId.ChainSignaturesAreValid, r => r with { Subject = AmdName.Of("SEV-VLEK-Milan") }),
    ];

    private static IEnumerable<FaultyCertificate> Signatures() =>
    [
        new("signed by the ASVK", CheckId.ChainSignaturesAreValid, r => r with { Sign = VirtualAmd.Milan.Asvk.Sign }),
        new("signed by itself", CheckId.ChainSignaturesAreValid, r => r with { Sign = VirtualAmd.Milan.Ask.Sign }),
        new("signed with PKCS #1", CheckId.ChainSignaturesAreValid, r => r with
        {
            InnerAlgorithm = SignatureAlgorithm.Pkcs1(),
            Sign = part => SignatureAlgorithm.SignRsa(VirtualAmd.Milan.Ark.Key, part, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        }),
        new("signature with a bit flipped", CheckId.ChainSignaturesAreValid, r => r with { AlterSignature = s => [(byte)(s[0] ^ 1), .. s[1..]] }),
        new("a byte behind it", Profile, r => r with { AlterWhole = der => [.. der, 0] }),
    ];

    private static byte[] RsaKey(byte[] modulus, byte[] exponent) => Der.Sequence(
        Der.Sequence(Der.Oid(Oids.RsaEncryption), Der.Null()),
        Der.BitString(Der.Sequence(Der.NumberOf([0, .. modulus]), Der.NumberOf(exponent))));

    private static byte[] EcKey()
    {
        using ECDsa ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        return ecdsa.ExportSubjectPublicKeyInfo();
    }
}
