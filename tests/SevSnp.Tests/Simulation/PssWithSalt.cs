using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace SevSnp.Tests.Simulation;

/// <summary>RSASSA-PSS with SHA-384 and a salt of any length, which the platform's RSA cannot make.</summary>
internal static class PssWithSalt
{
    public static byte[] Sign(RSAParameters key, byte[] message, int saltLength)
    {
        using RSA rsa = RSA.Create(key);
        PssSigner signer = new(new RsaBlindedEngine(), new Sha384Digest(), saltLength);
        signer.Init(forSigning: true, DotNetUtilities.GetRsaKeyPair(rsa).Private);
        signer.BlockUpdate(message, 0, message.Length);
        return signer.GenerateSignature();
    }
}
