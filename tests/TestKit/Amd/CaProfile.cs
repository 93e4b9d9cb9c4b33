using System.Security.Cryptography;
using SevSnp.Launch;

namespace Verifier.TestKit;

/// <summary>AMD's profile of the three kinds of CA certificates.</summary>
internal static class CaProfile
{
    public static CertificateAuthority Ark(ProductLine product, RSAParameters key, Validity validity)
    {
        byte[] publicKey = CertificateAuthority.PublicKeyOf(key);
        byte[] name = AmdName.Of($"ARK-{product}");
        return new CertificateAuthority(key, new CertificateRecipe
        {
            Serial = Der.NumberOf((byte)product, 0, 0),
            InnerAlgorithm = SignatureAlgorithm.PssWithTrailer(),
            Issuer = name,
            NotBefore = validity.NotBefore,
            NotAfter = validity.NotAfter,
            Subject = name,
            PublicKey = publicKey,
            Extensions =
            [
                new(Oids.KeyUsage, [0x03, 0x02, 0x01, 0x06], Critical: true),
                SubjectKeyId(publicKey),
                new(Oids.BasicConstraints, Der.Sequence(Der.True()), Critical: true),
                DistributionPoint(product, KeyKind.Vcek),
            ],
            Sign = part => SignatureAlgorithm.SignPss(key, part),
        });
    }

    public static CertificateAuthority Ask(ProductLine product, RSAParameters key, CertificateAuthority ark, Validity validity) =>
        Intermediate($"SEV-{product}", Der.NumberOf((byte)product, 0, product == ProductLine.Genoa ? (byte)2 : (byte)1), product, KeyKind.Vcek, key, ark, validity);

    public static CertificateAuthority Asvk(ProductLine product, RSAParameters key, CertificateAuthority ark, Validity validity) =>
        Intermediate($"SEV-VLEK-{product}", Der.NumberOf((byte)product, 1, 1), product, KeyKind.Vlek, key, ark, validity);

    public static ExtensionRecipe AuthorityKeyId(byte[] keyId) => new(Oids.AuthorityKeyIdentifier, Der.Sequence(Der.Tlv(0x80, keyId)));

    private static CertificateAuthority Intermediate(
        string name, byte[] serial, ProductLine product, KeyKind kind, RSAParameters key, CertificateAuthority ark, Validity validity)
    {
        byte[] publicKey = CertificateAuthority.PublicKeyOf(key);
        return new CertificateAuthority(key, new CertificateRecipe
        {
            Serial = serial,
            InnerAlgorithm = SignatureAlgorithm.PssWithTrailer(),
            Issuer = ark.Recipe.Subject,
            NotBefore = validity.NotBefore,
            NotAfter = validity.NotAfter,
            Subject = AmdName.Of(name),
            PublicKey = publicKey,
            Extensions =
            [
                SubjectKeyId(publicKey),
                AuthorityKeyId(ark.KeyId),
                new(Oids.BasicConstraints, Der.Sequence(Der.True(), Der.Number(0)), Critical: true),
                // AMD counts one unused bit too few here; DER wants 2.
                new(Oids.KeyUsage, [0x03, 0x02, 0x01, 0x04], Critical: true),
                DistributionPoint(product, kind),
            ],
            Sign = ark.Sign,
        });
    }

    private static ExtensionRecipe SubjectKeyId(byte[] publicKey) =>
        new(Oids.SubjectKeyIdentifier, Der.OctetString(CertificateAuthority.KeyIdOf(publicKey)));

    private static ExtensionRecipe DistributionPoint(ProductLine product, KeyKind kind)
    {
        string url = $"https://kdsintf.amd.com/{(kind == KeyKind.Vcek ? "vcek" : "vlek")}/v1/{product}/crl";
        byte[] uri = Der.Tlv(0x86, System.Text.Encoding.ASCII.GetBytes(url));
        return new(Oids.CrlDistributionPoints, Der.Sequence(Der.Sequence(Der.Context(0, Der.Context(0, uri)))));
    }
}

/// <summary>Start and end of a validity.</summary>
/// <param name="NotBefore">Start, UTC.</param>
/// <param name="NotAfter">End, UTC.</param>
public sealed record Validity(DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    /// <summary>1 January of one year to 1 January of another.</summary>
    /// <param name="first">First year.</param>
    /// <param name="last">Year of the end.</param>
    /// <returns>The validity.</returns>
    public static Validity Years(int first, int last) =>
        new(new DateTimeOffset(first, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(last, 1, 1, 0, 0, 0, TimeSpan.Zero));
}
