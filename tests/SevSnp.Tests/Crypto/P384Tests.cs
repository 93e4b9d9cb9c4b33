using System.Numerics;
using System.Security.Cryptography;
using SevSnp.Crypto;

namespace SevSnp.Tests.Crypto;

public class P384Tests
{
    private static readonly BigInteger Prime = BigInteger.Pow(2, 384) - BigInteger.Pow(2, 128) - BigInteger.Pow(2, 96) + BigInteger.Pow(2, 32) - 1;

    private static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
        System.Globalization.NumberStyles.HexNumber,
        System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void Order_IsThatOfTheStandard() => Assert.Equal(Bytes(Order), P384.Order.ToArray());

    [Fact]
    public void T07_NumbersOutsideOneToOrderMinusOne_AreOutOfRange()
    {
        byte[] good = Bytes(1);
        foreach (BigInteger bad in new[] { 0, Order, Order + 1, BigInteger.Pow(2, 384) - 1 })
        {
            Assert.False(P384.IsInRange([.. Bytes(bad), .. good]));
            Assert.False(P384.IsInRange([.. good, .. Bytes(bad)]));
        }

        Assert.True(P384.IsInRange([.. Bytes(Order - 1), .. good]));
        Assert.True(P384.IsInRange([.. good, .. Bytes(Order - 1)]));
        Assert.False(P384.IsInRange([.. good, .. good, 0]));
        Assert.False(P384.IsInRange([]));
    }

    [Fact]
    public void PointOnTheCurve_IsRead() => Assert.NotNull(P384.ReadPoint(GoodPoint()));

    [Fact]
    public void PointBesideTheCurve_IsRefused()
    {
        byte[] point = GoodPoint();
        point[96] ^= 1;
        Assert.Null(P384.ReadPoint(point));
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x02)]
    [InlineData(0x03)]
    [InlineData(0x05)]
    [InlineData(0x06)]
    [InlineData(0x07)]
    public void PointInAnotherForm_IsRefused(byte form)
    {
        byte[] point = GoodPoint();
        point[0] = form;
        Assert.Null(P384.ReadPoint(point));
        Assert.Null(P384.ReadPoint(point.AsSpan(0, 49)));
        Assert.Null(P384.ReadPoint([form]));
    }

    [Fact]
    public void CoordinateNotReducedByThePrime_IsRefused()
    {
        // x = 0 is on the curve, since the curve's b is a square; its twin with x = p must not be read as the same point.
        BigInteger b = BigInteger.Parse(
            "0B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF",
            System.Globalization.NumberStyles.HexNumber,
            System.Globalization.CultureInfo.InvariantCulture);
        BigInteger y = BigInteger.ModPow(b, (Prime + 1) / 4, Prime);
        Assert.NotNull(P384.ReadPoint([0x04, .. Bytes(0), .. Bytes(y)]));
        Assert.Null(P384.ReadPoint([0x04, .. Bytes(Prime), .. Bytes(y)]));
        Assert.Null(P384.ReadPoint([0x04, .. Bytes(0), .. Bytes(0)]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(96)]
    [InlineData(98)]
    public void PointOfAnotherLength_IsRefused(int length)
    {
        byte[] point = GoodPoint();
        Array.Resize(ref point, length);
        Assert.Null(P384.ReadPoint(point));
    }

    private static byte[] GoodPoint()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        ECParameters parameters = key.ExportParameters(false);
        return [0x04, .. parameters.Q.X!, .. parameters.Q.Y!];
    }

    private static byte[] Bytes(BigInteger value)
    {
        byte[] bytes = new byte[48];
        byte[] minimal = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        minimal.CopyTo(bytes, 48 - minimal.Length);
        return bytes;
    }
}
