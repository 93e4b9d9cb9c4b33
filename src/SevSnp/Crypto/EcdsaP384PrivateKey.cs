using System.Diagnostics.CodeAnalysis;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Multiplier;

namespace SevSnp.Crypto;

/// <summary>
/// A P-384 private key that signs with the deterministic nonces of RFC 6979: the same key and message always give the same signature,
/// so what it signs can be built again and compared. By BouncyCastle, since the platform draws its nonces at random.
/// </summary>
internal sealed class EcdsaP384PrivateKey
{
    private readonly ECPrivateKeyParameters _key;

    private EcdsaP384PrivateKey(BigInteger scalar) => _key = new(scalar, P384.Domain);

    /// <summary>Makes a key.</summary>
    /// <param name="scalar">48 bytes, big endian.</param>
    /// <param name="key">The key.</param>
    /// <returns>False for another length and for a number outside 1 to n-1.</returns>
    public static bool TryCreate(ReadOnlySpan<byte> scalar, [NotNullWhen(true)] out EcdsaP384PrivateKey? key)
    {
        key = scalar.Length == P384.ScalarSize && P384.IsScalar(scalar) ? new EcdsaP384PrivateKey(new BigInteger(1, scalar)) : null;
        return key is not null;
    }

    /// <summary>The public key that belongs to this key.</summary>
    /// <returns>Uncompressed point, 97 bytes.</returns>
    public byte[] PublicPoint() => new FixedPointCombMultiplier().Multiply(P384.Domain.G, _key.D).Normalize().GetEncoded(compressed: false);

    /// <summary>Signs a digest.</summary>
    /// <param name="digest">SHA-384 of the message.</param>
    /// <param name="signature">Takes R then S, 48 bytes each, big endian.</param>
    public void SignDigest(ReadOnlySpan<byte> digest, Span<byte> signature)
    {
        ECDsaSigner signer = new(new HMacDsaKCalculator(new Sha384Digest()));
        signer.Init(true, _key);
        BigInteger[] numbers = signer.GenerateSignature(digest.ToArray());
        Write(numbers[0], signature[..P384.ScalarSize]);
        Write(numbers[1], signature[P384.ScalarSize..]);
    }

    // A small number has leading zero bytes, which the engine leaves out.
    private static void Write(BigInteger number, Span<byte> field)
    {
        byte[] minimal = number.ToByteArrayUnsigned();
        field.Clear();
        minimal.CopyTo(field[(field.Length - minimal.Length)..]);
    }
}
