using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace SevSnp.Crypto;

/// <summary>RSASSA-PSS by BouncyCastle: the second opinion, interchangeable with the default engine.</summary>
internal sealed class BouncyCastleRsaPssKey(ReadOnlySpan<byte> modulus) : RsaPssKey
{
    private readonly RsaKeyParameters _key = new(false, new BigInteger(1, modulus), new BigInteger(1, Exponent));

    protected override bool VerifyMessage(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        PssSigner signer = new(new RsaBlindedEngine(), new Sha384Digest(), new Sha384Digest(), SaltSize);
        signer.Init(false, _key);
        signer.BlockUpdate(message);
        try
        {
            return signer.VerifySignature(signature.ToArray());
        }
        catch (DataLengthException)
        {
            // How this engine refuses a number outside the range of the modulus.
            return false;
        }
    }
}
