using System.Formats.Asn1;
using System.Security.Cryptography;
using SevSnp.IdBlocks;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Tests.IdBlocks;

/// <summary>Keys and ID blocks for tests. The scalars are small numbers, so nobody mistakes them for keys of worth.</summary>
internal static class TestKeys
{
    public const string Secp384r1 = "1.3.132.0.34";
    public const string EcPublicKey = "1.2.840.10045.2.1";

    private static readonly Asn1Tag ParametersTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag PublicKeyTag = new(TagClass.ContextSpecific, 1);

    public static P384PrivateKey Id { get; } = FromScalar(Small(2));

    public static P384PrivateKey Author { get; } = FromScalar(Small(3));

    public static IdBlock Block { get; } = Create(7);

    public static byte[] Small(byte value)
    {
        byte[] scalar = new byte[48];
        scalar[^1] = value;
        return scalar;
    }

    public static IdBlock Create(uint svn)
    {
        byte[] measurement = [.. Enumerable.Range(1, 48).Select(i => (byte)i)];
        HexBytes family = new([.. Enumerable.Range(0x10, 16).Select(i => (byte)i)]);
        HexBytes image = new([.. Enumerable.Range(0xA0, 16).Select(i => (byte)i)]);
        Assert.True(IdBlock.TryCreate(new Digest384(measurement), family, image, svn, new GuestPolicy(0x30000), out IdBlock? block, out IdBlockFault fault), fault.ToString());
        return block;
    }

    public static P384PrivateKey FromScalar(byte[] scalar)
    {
        Assert.True(P384PrivateKey.TryReadPem(Pem("EC PRIVATE KEY", Sec1(scalar)), out P384PrivateKey? key, out IdBlockFault fault), fault.ToString());
        return key;
    }

    public static string Pem(string label, byte[] der) => PemEncoding.WriteString(label, der) + "\n";

    /// <summary>RFC 5915, with what a test wants to be wrong.</summary>
    public static byte[] Sec1(byte[] scalar, string? curve = Secp384r1, byte[]? point = null, int version = 1)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(version);
            writer.WriteOctetString(scalar);
            if (curve is not null)
            {
                using (writer.PushSequence(ParametersTag))
                {
                    writer.WriteObjectIdentifier(curve);
                }
            }

            if (point is not null)
            {
                using (writer.PushSequence(PublicKeyTag))
                {
                    writer.WriteBitString(point);
                }
            }
        }

        return writer.Encode();
    }

    /// <summary>RFC 5208, with what a test wants to be wrong.</summary>
    public static byte[] Pkcs8(byte[] key, string algorithm = EcPublicKey, string curve = Secp384r1, int version = 0)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(version);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(algorithm);
                writer.WriteObjectIdentifier(curve);
            }

            writer.WriteOctetString(key);
        }

        return writer.Encode();
    }
}
