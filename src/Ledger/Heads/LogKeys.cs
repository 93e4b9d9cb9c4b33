using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Verifier.Ledger;

/// <summary>Keys of logs: ECDSA on P-256 and nothing else.</summary>
public static class LogKeys
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>The id of a key: the first 16 hexadecimal digits, in lower case, of SHA-256 over its DER SubjectPublicKeyInfo.</summary>
    /// <param name="key">The key, private or public.</param>
    /// <returns>16 digits.</returns>
    public static string Id(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 8));
    }

    /// <summary>True when a key is on P-256.</summary>
    /// <param name="key">The key.</param>
    /// <returns>False for every other curve.</returns>
    public static bool IsP256(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ECCurve curve = key.ExportParameters(includePrivateParameters: false).Curve;
        return curve.IsNamed && curve.Oid.Value == P256;
    }

    /// <summary>True of a text that can be the id of a key.</summary>
    /// <param name="text">The text.</param>
    /// <returns>True for 16 hexadecimal digits in lower case.</returns>
    public static bool IsId([NotNullWhen(true)] string? text) =>
        text is { Length: 16 } && text.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f');

    /// <summary>Reads a public or private key in PEM. Of a private key only the public half is kept.</summary>
    /// <param name="pem">The text of the file.</param>
    /// <param name="key">The public key, which the caller disposes of; or null when refused.</param>
    /// <returns>False when the text holds no key of P-256.</returns>
    public static bool TryReadPublic(string pem, [NotNullWhen(true)] out ECDsa? key)
    {
        ArgumentNullException.ThrowIfNull(pem);
        key = null;
        try
        {
            using ECDsa read = ECDsa.Create();
            read.ImportFromPem(pem);
            if (!IsP256(read))
            {
                return false;
            }

            key = ECDsa.Create(read.ExportParameters(includePrivateParameters: false));
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}
