using SevSnp.Checks;
using SevSnp.Crypto;

namespace SevSnp.Certificates.X509;

/// <summary>The envelope that certificates and revocation lists share: what is signed, by which algorithm, and the signature (RFC 5280 section 4.1.1).</summary>
/// <param name="ToBeSigned">The signed bytes, header included.</param>
/// <param name="Algorithm">The outer AlgorithmIdentifier.</param>
/// <param name="Signature">The signature's bytes.</param>
internal readonly record struct SignedObject(DerElement ToBeSigned, DerElement Algorithm, DerElement Signature)
{
    // AlgorithmIdentifier of RSASSA-PSS (RFC 4055) with hash SHA-384, MGF1 with SHA-384 and salt length 48. There are two encodings:
    // DER leaves trailerField out because 1 is its default; AMD's older certificates spell it out, and are signed that way.
    private static readonly byte[] Pss = Convert.FromHexString(
        "304106092a864886f70d01010a3034a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130");

    private static readonly byte[] PssWithTrailer = Convert.FromHexString(
        "304606092a864886f70d01010a3039a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130a303020101");

    /// <summary>Reads the envelope, which must be all there is.</summary>
    public static SignedObject Read(ReadOnlySpan<byte> der, FaultLog faults, CheckId structure)
    {
        DerReader outer = new(der, faults, structure);
        DerReader parts = outer.Sequence("outer SEQUENCE");
        outer.End("DER");
        DerElement toBeSigned = parts.Element(System.Formats.Asn1.Asn1Tag.Sequence, "signed part");
        DerElement algorithm = parts.Element(System.Formats.Asn1.Asn1Tag.Sequence, "signatureAlgorithm");
        RequirePss(der, algorithm, "signatureAlgorithm", faults);
        DerElement signature = parts.WholeBitString("signatureValue");
        int length = signature.Content(der).Length;
        if (length != RsaPssKey.Size)
        {
            faults.Report(CheckId.ChainSignaturesAreValid, "signatureValue", signature.Start, $"must have {RsaPssKey.Size} bytes, has {length}");
        }

        parts.End("outer SEQUENCE");
        return new SignedObject(toBeSigned, algorithm, signature);
    }

    /// <summary>The algorithm named inside the signed part must be the outer one, byte for byte.</summary>
    public void RequireSameAlgorithm(ReadOnlySpan<byte> der, DerElement inner, FaultLog faults)
    {
        if (!inner.Encoded(der).SequenceEqual(Algorithm.Encoded(der)))
        {
            faults.Report(CheckId.ChainSignaturesAreValid, "signature", inner.Start, "the algorithm inside the signed part must equal signatureAlgorithm");
        }
    }

    /// <summary>Checks the signature with the issuer's key.</summary>
    public bool IsSignedBy(RsaPssKey key, ReadOnlySpan<byte> der) => key.Verify(ToBeSigned.Encoded(der), Signature.Content(der));

    private static void RequirePss(ReadOnlySpan<byte> der, DerElement algorithm, string field, FaultLog faults)
    {
        ReadOnlySpan<byte> encoded = algorithm.Encoded(der);
        if (!encoded.SequenceEqual(Pss) && !encoded.SequenceEqual(PssWithTrailer))
        {
            faults.Report(CheckId.ChainSignaturesAreValid, field, algorithm.Start, "must be RSASSA-PSS with SHA-384, MGF1 with SHA-384, salt length 48 and trailer field 1");
        }
    }
}
