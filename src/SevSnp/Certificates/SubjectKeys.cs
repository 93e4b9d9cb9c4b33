using System.Formats.Asn1;
using SevSnp.Certificates.X509;
using SevSnp.Checks;
using SevSnp.Crypto;

namespace SevSnp.Certificates;

/// <summary>Public keys of the two forms that AMD uses; any other algorithm, curve, size or encoding is refused.</summary>
internal static class SubjectKeys
{
    // AlgorithmIdentifier { rsaEncryption, NULL } (RFC 3279 section 2.3.1).
    private static readonly byte[] RsaEncryption = Convert.FromHexString("300d06092a864886f70d0101010500");

    // AlgorithmIdentifier { id-ecPublicKey, namedCurve secp384r1 } (RFC 5480 section 2.1.1).
    private static readonly byte[] EcP384 = Convert.FromHexString("301006072a8648ce3d020106052b81040022");

    /// <summary>RSA 4096 with exponent 65537, of an authority.</summary>
    public static RsaPssKey? ReadRsa4096(CertificateStructure certificate, FaultLog faults)
    {
        byte[] der = certificate.Der;
        DerElement bits = ReadKeyBits(certificate, RsaEncryption, "must be rsaEncryption with NULL", CheckId.CertificatesMatchProfile, faults);
        DerReader content = new(der, bits, faults, CheckId.CertificatesMatchProfile);
        DerReader numbers = content.Sequence("RSAPublicKey");
        content.End("subjectPublicKey");
        DerElement modulus = numbers.Integer("RSA modulus");
        DerElement exponent = numbers.Integer("RSA exponent");
        numbers.End("RSAPublicKey");
        if (!exponent.Content(der).SequenceEqual(RsaPssKey.Exponent))
        {
            numbers.FailAt(exponent.Start, "RSA exponent", "must be 65537");
        }

        RsaPssKey? key = null;
        if (modulus.Content(der) is not [0, .. var magnitude] || !RsaPssKey.TryCreate(magnitude, out key))
        {
            numbers.FailAt(modulus.Start, "RSA modulus", "must be an odd number of 4096 bits");
        }

        return key;
    }

    /// <summary>EC P-384 by name, uncompressed and on the curve, of a leaf.</summary>
    public static EcdsaP384Key? ReadEcP384(CertificateStructure certificate, FaultLog faults)
    {
        DerElement point = ReadKeyBits(certificate, EcP384, "must be id-ecPublicKey with the named curve secp384r1", CheckId.LeafKeyIsP384, faults);
        if (!EcdsaP384Key.TryCreate(point.Content(certificate.Der), out EcdsaP384Key? key))
        {
            faults.Report(CheckId.LeafKeyIsP384, "subjectPublicKey", point.Start, "must be an uncompressed point on P-384, 97 bytes");
        }

        return key;
    }

    private static DerElement ReadKeyBits(CertificateStructure certificate, byte[] algorithm, string rule, CheckId check, FaultLog faults)
    {
        DerReader info = new(certificate.Der, certificate.SubjectPublicKeyInfo, faults, check);
        DerElement identifier = info.Element(Asn1Tag.Sequence, "subjectPublicKeyInfo algorithm");
        if (!identifier.Encoded(certificate.Der).SequenceEqual(algorithm))
        {
            info.FailAt(identifier.Start, "subjectPublicKeyInfo algorithm", rule);
        }

        DerElement bits = info.WholeBitString("subjectPublicKey");
        info.End("subjectPublicKeyInfo");
        return bits;
    }
}
