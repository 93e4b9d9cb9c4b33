using System.Globalization;
using System.Numerics;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Utilities;
using BcBigInteger = Org.BouncyCastle.Math.BigInteger;

namespace SevSnp.Tests.Crypto;

/// <summary>Numbers and points of P-384 from which signatures with chosen properties are made.</summary>
internal static class P384Math
{
    public const int Size = 48;

    public static readonly BigInteger Prime = BigInteger.Pow(2, 384) - BigInteger.Pow(2, 128) - BigInteger.Pow(2, 96) + BigInteger.Pow(2, 32) - 1;

    public static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
        NumberStyles.HexNumber,
        CultureInfo.InvariantCulture);

    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("P-384");

    public static ECPoint G => Curve.G;

    public static BigInteger Mod(BigInteger value) => ((value % Order) + Order) % Order;

    public static BigInteger Inverse(BigInteger value) => Read(BigIntegers.ModOddInverseVar(Curve.N, Bc(value)).ToByteArrayUnsigned());

    public static BcBigInteger Bc(BigInteger value) => new(1, value.ToByteArray(isUnsigned: true, isBigEndian: true));

    /// <summary>u G + v Q.</summary>
    public static ECPoint Sum(BigInteger u, ECPoint q, BigInteger v) => G.Multiply(Bc(u)).Add(q.Multiply(Bc(v))).Normalize();

    public static BigInteger X(ECPoint normalized) => Read(normalized.AffineXCoord.GetEncoded());

    public static byte[] Encode(ECPoint point) => point.Normalize().GetEncoded(compressed: false);

    /// <summary>The points with the next x from here on that is on the curve.</summary>
    public static ECPoint PointFrom(BigInteger x)
    {
        for (; ; x++)
        {
            BigInteger square = (BigInteger.ModPow(x, 3, Prime) - (3 * x) + Read(Curve.Curve.B.GetEncoded())) % Prime;
            BigInteger y = BigInteger.ModPow(square + Prime, (Prime + 1) / 4, Prime);
            if ((((y * y) - square) % Prime).IsZero)
            {
                return Curve.Curve.CreatePoint(Bc(x), Bc(y));
            }
        }
    }

    public static BigInteger Read(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    public static byte[] Bytes(BigInteger value)
    {
        byte[] bytes = new byte[Size];
        byte[] minimal = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        minimal.CopyTo(bytes, Size - minimal.Length);
        return bytes;
    }

    public static byte[] Signature(BigInteger r, BigInteger s) => [.. Bytes(r), .. Bytes(s)];
}
