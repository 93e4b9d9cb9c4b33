using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Verifier.TestKit.Identity;

/// <summary>A key that a fake issuer signs with: RS256, ES256 or ES384.</summary>
public sealed class IssuerSigningKey
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    private IssuerSigningKey(string id, string algorithm, RSA? rsa, ECDsa? ec) => (Id, Algorithm, _rsa, _ec) = (id, algorithm, rsa, ec);

    /// <summary>Its name, <c>kid</c>.</summary>
    public string Id { get; }

    /// <summary>What it signs by, <c>alg</c>.</summary>
    public string Algorithm { get; }

    /// <summary>The public half in DER, which an attacker may take for a shared secret.</summary>
    public byte[] PublicKeyInfo => _rsa?.ExportSubjectPublicKeyInfo() ?? _ec!.ExportSubjectPublicKeyInfo();

    /// <summary>Makes an RSA key.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="bits">Its size.</param>
    /// <returns>The key.</returns>
    public static IssuerSigningKey Rsa(string id, int bits = 2048) => new(id, "RS256", RSA.Create(bits), null);

    /// <summary>Makes a key on a curve.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="algorithm">ES256 or ES384.</param>
    /// <returns>The key.</returns>
    public static IssuerSigningKey Ec(string id, string algorithm = "ES256") =>
        new(id, algorithm, null, ECDsa.Create(algorithm == "ES256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384));

    /// <summary>Signs.</summary>
    /// <param name="data">The bytes.</param>
    /// <returns>The signature in the form of RFC 7518.</returns>
    public byte[] Sign(byte[] data) => _rsa?.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        ?? _ec!.SignData(data, Algorithm == "ES256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384);

    /// <summary>Whether it has signed, as the platform finds by the public half alone.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="signature">The signature in the form of RFC 7518.</param>
    /// <returns>True when it has.</returns>
    public bool HasSigned(byte[] data, byte[] signature)
    {
        if (_rsa is not null)
        {
            using RSA rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(PublicKeyInfo, out _);
            return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        using ECDsa ec = ECDsa.Create();
        ec.ImportSubjectPublicKeyInfo(PublicKeyInfo, out _);
        return ec.VerifyData(data, signature, Algorithm == "ES256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384);
    }

    /// <summary>The public half as RFC 7517 has it.</summary>
    /// <returns>A new object each time.</returns>
    public JsonObject ToJwk()
    {
        JsonObject jwk = new() { ["kid"] = Id, ["use"] = "sig", ["alg"] = Algorithm };
        if (_rsa is not null)
        {
            RSAParameters rsa = _rsa.ExportParameters(false);
            jwk["kty"] = "RSA";
            jwk["n"] = Base64Url.EncodeToString(rsa.Modulus);
            jwk["e"] = Base64Url.EncodeToString(rsa.Exponent);
        }
        else
        {
            ECParameters ec = _ec!.ExportParameters(false);
            jwk["kty"] = "EC";
            jwk["crv"] = Algorithm == "ES256" ? "P-256" : "P-384";
            jwk["x"] = Base64Url.EncodeToString(ec.Q.X);
            jwk["y"] = Base64Url.EncodeToString(ec.Q.Y);
        }

        return jwk;
    }
}
