using System.Diagnostics.CodeAnalysis;
using SevSnp.Crypto;

namespace SevSnp.IdBlocks;

/// <summary>
/// An ID key or author key that was read from PEM. It signs with the deterministic nonces of RFC 6979, so that the same ID block and
/// keys always give the same page.
/// </summary>
public sealed class P384PrivateKey : IIdKeySigner
{
    private readonly EcdsaP384PrivateKey _key;

    private P384PrivateKey(EcdsaP384PrivateKey key, SnpPublicKey publicKey) => (_key, PublicKey) = (key, publicKey);

    /// <inheritdoc/>
    public SnpPublicKey PublicKey { get; }

    /// <summary>
    /// Reads one private key in PEM: <c>EC PRIVATE KEY</c> (SEC 1, RFC 5915; an <c>EC PARAMETERS</c> block may stand before it) or
    /// <c>PRIVATE KEY</c> (PKCS #8), not encrypted, on the named curve P-384, and nothing else in the text.
    /// </summary>
    /// <param name="pem">The text.</param>
    /// <param name="key">The key.</param>
    /// <param name="fault">Why it was refused; it never holds a part of the key.</param>
    /// <returns>True when the text is such a key.</returns>
    public static bool TryReadPem(ReadOnlySpan<char> pem, [NotNullWhen(true)] out P384PrivateKey? key, out IdBlockFault fault)
    {
        key = null;
        if (!KeyPem.TryReadPrivate(pem, out KeyParts parts, out fault))
        {
            return false;
        }

        if (!EcdsaP384PrivateKey.TryCreate(parts.Scalar, out EcdsaP384PrivateKey? scalar))
        {
            fault = new(IdBlockFaultId.ScalarIsOutOfRange, "privateKey", -1, "must be 48 bytes, and a number from 1 to the order of the curve less 1");
            return false;
        }

        SnpPublicKey derived = SnpPublicKey.FromPoint(scalar.PublicPoint())!;
        if (parts.Point is { } stated && !derived.IsAt(stated))
        {
            fault = new(IdBlockFaultId.PublicKeyDiffers, "publicKey", -1, "must be the uncompressed public key of this private key");
            return false;
        }

        key = new P384PrivateKey(scalar, derived);
        return true;
    }

    /// <inheritdoc/>
    public void SignDigest(ReadOnlySpan<byte> digest, Span<byte> signature) => _key.SignDigest(digest, signature);
}
