using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Verifier.Service.Identity.Issuers;

/// <summary>A public key that goes with exactly one algorithm: a token that names another is refused whatever its signature (RFC 8725, 3.1).</summary>
internal sealed record IssuerKey(string Id, string Algorithm, SecurityKey Key, string Thumbprint)
{
    private const int LeastModulus = 2048 / 8;
    private const int MostModulus = 8192 / 8;
    private const int MostExponent = 4;

    public static IssuerKey? Rsa(string id, byte[] modulus, byte[] exponent)
    {
        if (modulus.Length is < LeastModulus or > MostModulus || modulus[0] == 0 || exponent.Length is < 1 or > MostExponent || (exponent[^1] & 1) == 0)
        {
            return null;
        }

        return new IssuerKey(
            id,
            TokenAlgorithms.Rs256,
            new RsaSecurityKey(new RSAParameters { Modulus = modulus, Exponent = exponent }) { KeyId = id },
            $"RSA.{Convert.ToHexString(exponent)}.{Convert.ToHexString(modulus)}");
    }

    public static IssuerKey? Ec(string id, string curve, byte[] x, byte[] y)
    {
        (string algorithm, ECCurve named, int size)? known = curve switch
        {
            "P-256" => (TokenAlgorithms.Es256, ECCurve.NamedCurves.nistP256, 32),
            "P-384" => (TokenAlgorithms.Es384, ECCurve.NamedCurves.nistP384, 48),
            _ => null,
        };
        if (known is not { } c || x.Length != c.size || y.Length != c.size || !TryImport(c.named, x, y, out ECDsa? key))
        {
            return null;
        }

        return new IssuerKey(id, c.algorithm, new ECDsaSecurityKey(key) { KeyId = id }, $"{curve}.{Convert.ToHexString(x)}.{Convert.ToHexString(y)}");
    }

    // Importing checks that the point is on the curve. The key lives as long as the set of keys that holds it.
    private static bool TryImport(ECCurve curve, byte[] x, byte[] y, [NotNullWhen(true)] out ECDsa? key)
    {
        try
        {
            key = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } });
            return true;
        }
        catch (CryptographicException)
        {
            key = null;
            return false;
        }
    }
}
