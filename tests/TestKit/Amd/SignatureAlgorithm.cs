using System.Security.Cryptography;

namespace Verifier.TestKit;

/// <summary>Algorithm identifiers and signatures, AMD's and others.</summary>
public static class SignatureAlgorithm
{
    /// <summary>RSASSA-PSS parameters with any one thing changed; the defaults are AMD's newer form, without trailerField.</summary>
    /// <param name="hash">Hash algorithm.</param>
    /// <param name="mgfHash">Hash of MGF1.</param>
    /// <param name="salt">Salt length in bytes.</param>
    /// <param name="trailer">trailerField, or null to leave it out.</param>
    /// <returns>The AlgorithmIdentifier.</returns>
    public static byte[] Pss(string hash = Oids.Sha384, string mgfHash = Oids.Sha384, int salt = 48, int? trailer = null) => Der.Sequence(
        Der.Oid(Oids.RsaPss),
        Der.Sequence(
            Der.Context(0, Hash(hash)),
            Der.Context(1, Der.Sequence(Der.Oid(Oids.Mgf1), Hash(mgfHash))),
            Der.Context(2, Der.Number(salt)),
            trailer is { } t ? Der.Context(3, Der.Number(t)) : []));

    /// <summary>RSASSA-PSS with AMD's older form of the parameters, which spells out trailerField 1.</summary>
    /// <returns>The AlgorithmIdentifier.</returns>
    public static byte[] PssWithTrailer() => Pss(trailer: 1);

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-384.</summary>
    /// <returns>The AlgorithmIdentifier.</returns>
    public static byte[] Pkcs1() => Der.Sequence(Der.Oid(Oids.RsaSha384), Der.Null());

    /// <summary>Signs as AMD does: RSASSA-PSS, SHA-384, salt 48.</summary>
    /// <param name="key">The issuer's key.</param>
    /// <param name="message">What is signed.</param>
    /// <returns>The signature.</returns>
    public static byte[] SignPss(RSAParameters key, byte[] message) => SignRsa(key, message, HashAlgorithmName.SHA384, RSASignaturePadding.Pss);

    /// <summary>Signs with RSA in any way.</summary>
    /// <param name="key">The issuer's key.</param>
    /// <param name="message">What is signed.</param>
    /// <param name="hash">The hash; its length is the salt's.</param>
    /// <param name="padding">The padding.</param>
    /// <returns>The signature.</returns>
    public static byte[] SignRsa(RSAParameters key, byte[] message, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        using RSA rsa = RSA.Create(key);
        return rsa.SignData(message, hash, padding);
    }

    private static byte[] Hash(string oid) => Der.Sequence(Der.Oid(oid), Der.Null());
}
