using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace SevSnp.Crypto;

/// <summary>Numbers of the curve P-384 (SP 800-186 section 3.2.1.4) and the tests that an engine may not be trusted to make.</summary>
internal static class P384
{
    /// <summary>Length in bytes of a coordinate and of a scalar.</summary>
    public const int ScalarSize = 48;

    /// <summary>Length in bytes of a signature: R then S, big endian (IEEE P1363).</summary>
    public const int SignatureSize = 2 * ScalarSize;

    /// <summary>Length in bytes of an uncompressed point: 0x04, X, Y (SEC 1 section 2.3.3).</summary>
    public const int PointSize = 1 + (2 * ScalarSize);

    // The custom implementation of the curve; the generic one of the same library is four times slower.
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("P-384");

    private static readonly byte[] OrderBytes = Curve.N.ToByteArrayUnsigned();

    /// <summary>The curve with its base point.</summary>
    public static ECDomainParameters Domain { get; } = new(Curve);

    /// <summary>The order n of the base point, 48 bytes, big endian.</summary>
    public static ReadOnlySpan<byte> Order => OrderBytes;

    /// <summary>R and S are each from 1 to n-1. A small S is not demanded: genuine hardware makes large ones.</summary>
    /// <param name="signature">R then S, big endian.</param>
    /// <returns>False for any other length too.</returns>
    public static bool IsInRange(ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureSize && IsScalar(signature[..ScalarSize]) && IsScalar(signature[ScalarSize..]);

    /// <summary>Reads an uncompressed point and shows that it lies on the curve. The group has prime order, so no subgroup is left to check.</summary>
    /// <param name="encoded">The encoding of SEC 1.</param>
    /// <returns>The point, or null.</returns>
    public static ECPoint? ReadPoint(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length != PointSize || encoded[0] != 0x04)
        {
            return null;
        }

        BigInteger x = new(1, encoded.Slice(1, ScalarSize));
        BigInteger y = new(1, encoded[(1 + ScalarSize)..]);
        BigInteger prime = Curve.Curve.Field.Characteristic;
        if (x.CompareTo(prime) >= 0 || y.CompareTo(prime) >= 0)
        {
            return null;
        }

        ECPoint point = Curve.Curve.CreatePoint(x, y);
        return point.IsValid() ? point : null;
    }

    /// <summary>A number from 1 to n-1.</summary>
    /// <param name="scalar">48 bytes, big endian.</param>
    /// <returns>False for zero, and from the order on.</returns>
    public static bool IsScalar(ReadOnlySpan<byte> scalar) => scalar.ContainsAnyExcept((byte)0) && scalar.SequenceCompareTo(Order) < 0;
}
