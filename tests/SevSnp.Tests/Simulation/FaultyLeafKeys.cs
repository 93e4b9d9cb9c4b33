using System.Security.Cryptography;
using SevSnp.Checks;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>Milan VCEKs with a wrong key or a wrong signature (T26).</summary>
internal static class FaultyLeafKeys
{
    public static IEnumerable<FaultyCertificate> All() => [.. Keys(), .. Algorithms(), .. Signatures()];

    private static RSAParameters Issuer => VirtualAmd.Milan.Ask.Key;

    private static IEnumerable<FaultyCertificate> Keys() =>
    [
        Key("P-256", _ => NewEc(ECCurve.NamedCurves.nistP256)),
        Key("P-521", _ => NewEc(ECCurve.NamedCurves.nistP521)),
        Key("RSA 4096", _ => CertificateAuthority.PublicKeyOf(VirtualAmd.Milan.Asvk.Key)),
        Key("a compressed point", info => Point(0x02, info[^96..^48])),
        Key("a hybrid point", info => Point(0x06, info[^96..])),
        Key("the point at infinity", _ => Point(0x00)),
        Key("a point beside the curve", info => [.. info[..^1], (byte)(info[^1] ^ 1)]),
        Key("a point with a coordinate too long", info => Point(0x04, [0, .. info[^96..]])),
        Key("a point with coordinates not below the prime", _ => Point(0x04, [.. Enumerable.Repeat((byte)0xFF, 96)])),
        Key("a curve that is not named", info => Info(Der.Sequence(Der.Oid(Oids.EcPublicKey), Der.Null()), info[^97..])),
        Key("the curve given by its parameters", info => Info(Der.Sequence(Der.Oid(Oids.EcPublicKey), ExplicitP384()), info[^97..])),
        Key("the curve named P-256, the point on P-384", info => Info(Der.Sequence(Der.Oid(Oids.EcPublicKey), Der.Oid(Oids.P256)), info[^97..])),
        Key("id-ecDH in place of id-ecPublicKey", info => Info(Der.Sequence(Der.Oid("1.3.132.1.12"), Der.Oid(Oids.P384)), info[^97..])),
        Key("unused bits", info => Der.Sequence(P384, Der.Tlv(0x03, [1, .. info[^97..]]))),
    ];

    private static IEnumerable<FaultyCertificate> Algorithms() =>
    [
        Algorithm("PKCS #1 v1.5", SignatureAlgorithm.Pkcs1(), HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        Algorithm("PSS with SHA-256", SignatureAlgorithm.Pss(Oids.Sha256, Oids.Sha256, 32), HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        Algorithm("PSS with SHA-512", SignatureAlgorithm.Pss(Oids.Sha512, Oids.Sha512, 64), HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
        Algorithm("PSS with SHA-1", SignatureAlgorithm.Pss(Oids.Sha1, Oids.Sha1, 20), HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
        Algorithm("PSS naming SHA-256, made with SHA-384", SignatureAlgorithm.Pss(hash: Oids.Sha256)),
        Algorithm("MGF1 with SHA-256", SignatureAlgorithm.Pss(mgfHash: Oids.Sha256)),
        Algorithm("salt length 32", SignatureAlgorithm.Pss(salt: 32)),
        Algorithm("salt length 0", SignatureAlgorithm.Pss(salt: 0)),
        Algorithm("trailer field 2", SignatureAlgorithm.Pss(trailer: 2)),
        Algorithm("PSS without parameters", Der.Sequence(Der.Oid(Oids.RsaPss))),
        Algorithm("PSS with all defaults", Der.Sequence(Der.Oid(Oids.RsaPss), Der.Sequence())),
        Algorithm("ECDSA", Der.Sequence(Der.Oid(Oids.EcdsaSha384))),
        new("algorithm inside without the trailer, outside with it", CheckId.ChainSignaturesAreValid, r => r with { OuterAlgorithm = SignatureAlgorithm.PssWithTrailer() }),
        new("algorithm outside PKCS #1", CheckId.ChainSignaturesAreValid, r => r with { OuterAlgorithm = SignatureAlgorithm.Pkcs1() }),
        new("algorithm inside PKCS #1", CheckId.ChainSignaturesAreValid, r => r with { InnerAlgorithm = SignatureAlgorithm.Pkcs1(), OuterAlgorithm = SignatureAlgorithm.Pss() }),
    ];

    private static IEnumerable<FaultyCertificate> Signatures() =>
    [
        Signature("PKCS #1 under PSS's name", part => SignatureAlgorithm.SignRsa(Issuer, part, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1)),
        Signature("PSS with SHA-256 under SHA-384's name", part => SignatureAlgorithm.SignRsa(Issuer, part, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
        Signature("made with a salt of 32 bytes under 48's name", part => PssWithSalt.Sign(Issuer, part, 32)),
        Signature("made without salt under 48's name", part => PssWithSalt.Sign(Issuer, part, 0)),
        Signature("by the ASVK", part => VirtualAmd.Milan.Asvk.Sign(part)),
        Signature("by the ARK", part => VirtualAmd.Milan.Ark.Sign(part)),
        Signature("by Genoa's ASK", part => VirtualAmd.Genoa.Ask.Sign(part)),
        new("signature with a bit flipped", CheckId.ChainSignaturesAreValid, r => r with { AlterSignature = s => [.. s[..^1], (byte)(s[^1] ^ 1)] }),
        new("signature all zero", CheckId.ChainSignaturesAreValid, r => r with { AlterSignature = s => new byte[s.Length] }),
        new("signature all ones", CheckId.ChainSignaturesAreValid, r => r with { AlterSignature = s => [.. s.Select(_ => (byte)0xFF)] }),
        new("signature a byte short", CheckId.ChainSignaturesAreValid, r => r with { AlterSignature = s => s[1..] }),
        new("signature a byte long", CheckId.ChainSignaturesAreValid, r => r with { AlterSignature = s => [0, .. s] }),
        new("signature empty", CheckId.ChainSignaturesAreValid, r => r with { AlterSignature = _ => [] }),
        new("content changed after signing", CheckId.ChainSignaturesAreValid, r => r with { AlterWhole = Flip(r) }),
    ];

    private static byte[] P384 => Der.Sequence(Der.Oid(Oids.EcPublicKey), Der.Oid(Oids.P384));

    private static FaultyCertificate Key(string name, Func<byte[], byte[]> change) =>
        new($"key: {name}", CheckId.LeafKeyIsP384, r => r with { PublicKey = change(r.PublicKey) });

    private static FaultyCertificate Algorithm(string name, byte[] identifier, HashAlgorithmName? hash = null, RSASignaturePadding? padding = null) =>
        new($"algorithm: {name}", CheckId.ChainSignaturesAreValid, r => r with
        {
            InnerAlgorithm = identifier,
            Sign = part => SignatureAlgorithm.SignRsa(Issuer, part, hash ?? HashAlgorithmName.SHA384, padding ?? RSASignaturePadding.Pss),
        });

    private static FaultyCertificate Signature(string name, Func<byte[], byte[]> sign) =>
        new($"signature: {name}", CheckId.ChainSignaturesAreValid, r => r with { Sign = sign });

    // The microcode's number stays a number; only the signature shows the change.
    private static Func<byte[], byte[]> Flip(CertificateRecipe recipe) => der =>
    {
        byte[] id = recipe.Extensions.Single(e => e.Oid == Oids.HwId).Value;
        byte[] changed = [.. der];
        changed[changed.AsSpan().IndexOf(id)] ^= 1;
        return changed;
    };

    private static byte[] Info(byte[] algorithm, byte[] point) => Der.Sequence(algorithm, Der.BitString(point));

    private static byte[] Point(byte form, params byte[] coordinates) => Info(P384, [form, .. coordinates]);

    private static byte[] NewEc(ECCurve curve)
    {
        using ECDsa ecdsa = ECDsa.Create(curve);
        return ecdsa.ExportSubjectPublicKeyInfo();
    }

    private static byte[] ExplicitP384() => Org.BouncyCastle.Asn1.Sec.SecNamedCurves.GetByOid(Org.BouncyCastle.Asn1.Sec.SecObjectIdentifiers.SecP384r1).GetDerEncoded();
}
