using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Verifier.Service.Tokens;

/// <summary>A P-256 key that signs results, and its public half as relying parties get it.</summary>
internal sealed class TokenKey
{
    private TokenKey(ECDsa key)
    {
        ECPoint point = key.ExportParameters(false).Q;
        X = Base64UrlEncoder.Encode(point.X);
        Y = Base64UrlEncoder.Encode(point.Y);
        JsonWebKey jwk = new() { Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve, Crv = JsonWebKeyECTypes.P256, X = X, Y = Y };
        Id = Base64UrlEncoder.Encode(jwk.ComputeJwkThumbprint());
        Credentials = new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = Id }, SecurityAlgorithms.EcdsaSha256);
    }

    /// <summary>The key id: its thumbprint (RFC 7638, SHA-256), so that no two keys ever share one.</summary>
    public string Id { get; }

    /// <summary>X coordinate, base64url.</summary>
    public string X { get; }

    /// <summary>Y coordinate, base64url.</summary>
    public string Y { get; }

    public SigningCredentials Credentials { get; }

    /// <summary>A new key, and its PEM.</summary>
    public static string NewPem()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>Reads PKCS#8 or SEC1, not encrypted.</summary>
    public static bool TryParse(ReadOnlySpan<byte> pem, [NotNullWhen(true)] out TokenKey? key)
    {
        key = null;
        char[] text = Encoding.Latin1.GetChars(pem.ToArray());
        ECDsa read = ECDsa.Create();
        try
        {
            read.ImportFromPem(text);
            ECParameters parameters = read.ExportParameters(true);
            CryptographicOperations.ZeroMemory(parameters.D);
            if (parameters.D is null || !parameters.Curve.IsNamed || parameters.Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
            {
                return false;
            }

            key = new TokenKey(read);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            return false;
        }
        finally
        {
            Array.Clear(text);
            if (key is null)
            {
                read.Dispose();
            }
        }
    }
}
