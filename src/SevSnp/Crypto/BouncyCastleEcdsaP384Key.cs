using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace SevSnp.Crypto;

/// <summary>P-384 by BouncyCastle: twice as fast as OpenSSL 3.0, and the default.</summary>
internal sealed class BouncyCastleEcdsaP384Key(ECPoint point) : EcdsaP384Key
{
    // Holds the multiples of the point that the first verification computes.
    private readonly ECPublicKeyParameters _key = new(point, P384.Domain);

    protected override bool VerifyDigest(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        ECDsaSigner signer = new();
        signer.Init(false, _key);
        return signer.VerifySignature(
            digest.ToArray(),
            new BigInteger(1, signature[..P384.ScalarSize]),
            new BigInteger(1, signature[P384.ScalarSize..]));
    }
}
