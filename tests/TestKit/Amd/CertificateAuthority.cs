using System.Security.Cryptography;

namespace Verifier.TestKit;

/// <summary>A simulated ARK, ASK or ASVK: a certificate and the private key to it, which lives in memory only.</summary>
public sealed class CertificateAuthority
{
    /// <summary>Issues a certificate for a key.</summary>
    /// <param name="key">The key pair.</param>
    /// <param name="recipe">What the certificate is made of.</param>
    public CertificateAuthority(RSAParameters key, CertificateRecipe recipe)
    {
        Key = key;
        Recipe = recipe;
        Certificate = recipe.Mint();
    }

    /// <summary>The key pair.</summary>
    public RSAParameters Key { get; }

    /// <summary>What the certificate was made of.</summary>
    public CertificateRecipe Recipe { get; }

    /// <summary>The certificate, DER.</summary>
    public byte[] Certificate { get; }

    /// <summary>Its key identifier, 20 bytes.</summary>
    public byte[] KeyId => KeyIdOf(Recipe.PublicKey);

    /// <summary>Signs as AMD does.</summary>
    /// <param name="message">What is signed.</param>
    /// <returns>The signature.</returns>
    public byte[] Sign(byte[] message) => SignatureAlgorithm.SignPss(Key, message);

    /// <summary>The same key with a changed certificate.</summary>
    /// <param name="change">The change.</param>
    /// <returns>A new authority.</returns>
    public CertificateAuthority With(Func<CertificateRecipe, CertificateRecipe> change) => new(Key, change(Recipe));

    /// <summary>A new RSA key pair. Slow (about a second for 4096 bits): keep it.</summary>
    /// <param name="bits">Length of the modulus.</param>
    /// <returns>The key pair.</returns>
    public static RSAParameters NewKey(int bits = 4096)
    {
        using RSA rsa = RSA.Create(bits);
        return rsa.ExportParameters(includePrivateParameters: true);
    }

    /// <summary>The subject public key info of a key pair.</summary>
    /// <param name="key">The key pair.</param>
    /// <returns>DER.</returns>
    public static byte[] PublicKeyOf(RSAParameters key)
    {
        using RSA rsa = RSA.Create(key);
        return rsa.ExportSubjectPublicKeyInfo();
    }

    /// <summary>The key identifier that this simulation gives a key: the first 20 bytes of SHA-256 (RFC 7093, method 1).</summary>
    /// <param name="publicKey">The subject public key info.</param>
    /// <returns>20 bytes.</returns>
    public static byte[] KeyIdOf(byte[] publicKey) => SHA256.HashData(publicKey)[..20];
}
