using System.Security.Cryptography;

namespace SevSnp.Crypto;

/// <summary>P-384 by the platform (OpenSSL on Linux): the second opinion, interchangeable with the default engine.</summary>
internal sealed class PlatformEcdsaP384Key : EcdsaP384Key, IDisposable
{
    private readonly ECDsa _key;

    /// <summary>Takes a point that <see cref="P384.ReadPoint"/> has accepted.</summary>
    /// <param name="point">Uncompressed point, 97 bytes.</param>
    public PlatformEcdsaP384Key(ReadOnlySpan<byte> point) => _key = ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP384,
        Q = new System.Security.Cryptography.ECPoint
        {
            X = point.Slice(1, P384.ScalarSize).ToArray(),
            Y = point.Slice(1 + P384.ScalarSize, P384.ScalarSize).ToArray(),
        },
    });

    public void Dispose() => _key.Dispose();

    protected override bool VerifyDigest(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        _key.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
