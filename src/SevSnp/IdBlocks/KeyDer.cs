using System.Formats.Asn1;

namespace SevSnp.IdBlocks;

/// <summary>
/// Keys in DER: SEC 1 (RFC 5915), PKCS #8 version 1 (RFC 5208) and SubjectPublicKeyInfo (RFC 5480). The curve must be named; spelled-out
/// parameters, which could describe a curve of an attacker's making, are refused.
/// </summary>
internal static class KeyDer
{
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string Secp384r1 = "1.3.132.0.34";

    private static readonly Asn1Tag ParametersTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag PublicKeyTag = new(TagClass.ContextSpecific, 1);

    private delegate IdBlockFault Reading(AsnReader reader);

    public static (IdBlockFault Fault, KeyParts Parts) ReadSec1(ReadOnlyMemory<byte> der)
    {
        KeyParts parts = default;
        IdBlockFault fault = Read(der, outer => Sec1(outer, curveIsKnown: false, out parts));
        return (fault, parts);
    }

    public static (IdBlockFault Fault, KeyParts Parts) ReadPkcs8(ReadOnlyMemory<byte> der)
    {
        KeyParts parts = default;
        IdBlockFault fault = Read(der, outer =>
        {
            AsnReader info = outer.ReadSequence();
            if (!info.TryReadInt32(out int version) || version != 0)
            {
                return Malformed("version", "must be 0");
            }

            IdBlockFault algorithm = Algorithm(info.ReadSequence());
            byte[] inner = info.ReadOctetString();
            info.ThrowIfNotEmpty();
            return algorithm.Id != IdBlockFaultId.None ? algorithm : Read(inner, key => Sec1(key, curveIsKnown: true, out parts));
        });
        return (fault, parts);
    }

    public static (IdBlockFault Fault, byte[] Point) ReadPublic(ReadOnlyMemory<byte> der)
    {
        byte[] point = [];
        IdBlockFault fault = Read(der, outer =>
        {
            AsnReader info = outer.ReadSequence();
            IdBlockFault algorithm = Algorithm(info.ReadSequence());
            point = info.ReadBitString(out int unused);
            info.ThrowIfNotEmpty();
            return algorithm.Id == IdBlockFaultId.None && unused != 0 ? Malformed("subjectPublicKey", "must have no unused bits") : algorithm;
        });
        return (fault, point);
    }

    public static IdBlockFault ReadParameters(ReadOnlyMemory<byte> der) => Read(der, Curve);

    private static IdBlockFault Sec1(AsnReader outer, bool curveIsKnown, out KeyParts parts)
    {
        parts = default;
        AsnReader key = outer.ReadSequence();
        if (!key.TryReadInt32(out int version) || version != 1)
        {
            return Malformed("version", "must be 1");
        }

        byte[] scalar = key.ReadOctetString();
        if (key.HasData && key.PeekTag().HasSameClassAndValue(ParametersTag))
        {
            AsnReader parameters = key.ReadSequence(ParametersTag);
            if (Curve(parameters) is { Id: not IdBlockFaultId.None } fault)
            {
                return fault;
            }

            parameters.ThrowIfNotEmpty();
        }
        else if (!curveIsKnown)
        {
            return new(IdBlockFaultId.CurveIsUnknown, "parameters", -1, "must name the curve");
        }

        byte[]? point = null;
        if (key.HasData)
        {
            AsnReader publicKey = key.ReadSequence(PublicKeyTag);
            point = publicKey.ReadBitString(out int unused);
            publicKey.ThrowIfNotEmpty();
            if (unused != 0)
            {
                return Malformed("publicKey", "must have no unused bits");
            }
        }

        key.ThrowIfNotEmpty();
        parts = new KeyParts(scalar, point);
        return default;
    }

    private static IdBlockFault Algorithm(AsnReader algorithm)
    {
        if (algorithm.ReadObjectIdentifier() != EcPublicKey)
        {
            return new(IdBlockFaultId.CurveIsUnknown, "algorithm", -1, "must be id-ecPublicKey");
        }

        IdBlockFault fault = Curve(algorithm);
        algorithm.ThrowIfNotEmpty();
        return fault;
    }

    private static IdBlockFault Curve(AsnReader parameters) => !parameters.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier)
        ? new(IdBlockFaultId.CurveIsUnknown, "parameters", -1, "must name the curve P-384 (secp384r1), not spell a curve out")
        : parameters.ReadObjectIdentifier() == Secp384r1
            ? default
            : new(IdBlockFaultId.CurveIsUnknown, "parameters", -1, "must name the curve P-384 (secp384r1), names another one");

    // System.Formats.Asn1 tells malformed content by an exception; it ends here.
    private static IdBlockFault Read(ReadOnlyMemory<byte> der, Reading read)
    {
        try
        {
            AsnReader reader = new(der, AsnEncodingRules.DER);
            IdBlockFault fault = read(reader);
            if (fault.Id == IdBlockFaultId.None)
            {
                reader.ThrowIfNotEmpty();
            }

            return fault;
        }
        catch (AsnContentException)
        {
            return Malformed("key", "must be SEC 1, PKCS #8 or SubjectPublicKeyInfo in DER, as its label says");
        }
    }

    private static IdBlockFault Malformed(string field, string rule) => new(IdBlockFaultId.KeyIsMalformed, field, -1, rule);
}
