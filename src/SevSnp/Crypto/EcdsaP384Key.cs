using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SevSnp.Crypto;

/// <summary>
/// A public key that checks ECDSA P-384 with SHA-384: the seam between this library and an engine. Length and range of a signature
/// are judged here, so no engine sees an encoding it might read more generously. There is no parser for signatures in DER.
/// </summary>
internal abstract class EcdsaP384Key
{
    /// <summary>Makes a key that keeps its prepared engine object.</summary>
    /// <param name="point">Uncompressed point, 97 bytes.</param>
    /// <param name="key">The key.</param>
    /// <returns>False when the bytes are not a point of the curve.</returns>
    public static bool TryCreate(ReadOnlySpan<byte> point, [NotNullWhen(true)] out EcdsaP384Key? key)
    {
        key = P384.ReadPoint(point) is { } valid ? new BouncyCastleEcdsaP384Key(valid) : null;
        return key is not null;
    }

    /// <summary>Checks a signature.</summary>
    /// <param name="message">The signed bytes.</param>
    /// <param name="signature">R then S, 48 bytes each, big endian; any other length and any number outside 1 to n-1 is refused.</param>
    /// <returns>True when the signature is this key's.</returns>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (!P384.IsInRange(signature))
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[SHA384.HashSizeInBytes];
        SHA384.HashData(message, digest);
        return VerifyDigest(digest, signature);
    }

    protected abstract bool VerifyDigest(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature);
}
