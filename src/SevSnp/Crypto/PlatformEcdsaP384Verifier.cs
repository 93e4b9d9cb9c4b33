using System.Security.Cryptography;

namespace SevSnp.Crypto;

/// <summary>P-384 by the platform (OpenSSL on Linux): the second opinion, interchangeable with the default engine.</summary>
internal sealed class PlatformEcdsaP384Verifier : EcdsaP384Verifier
{
    // Lives as long as the key that made it; its native memory hangs on a safe handle, which the collector ends with it.
    private readonly ECDsa _key;

    /// <summary>Takes a point that <see cref="P384.ReadPoint"/> has accepted.</summary>
    /// <param name="point">Uncompressed point, 97 bytes.</param>
    public PlatformEcdsaP384Verifier(ReadOnlySpan<byte> point) => _key = ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP384,
        Q = new ECPoint
        {
            X = point.Slice(1, P384.ScalarSize).ToArray(),
            Y = point.Slice(1 + P384.ScalarSize, P384.ScalarSize).ToArray(),
        },
    });

    /// <inheritdoc/>
    public override bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        _key.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
