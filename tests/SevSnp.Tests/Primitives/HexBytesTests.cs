using CsCheck;
using SevSnp.Primitives;

namespace SevSnp.Tests.Primitives;

public sealed class HexBytesTests
{
    [Fact]
    public void Text_GoesThereAndBack() => Gen.Byte.Array[0, 70].Sample(bytes =>
        HexBytes.TryParse(new HexBytes(bytes).ToString(), bytes.Length, out HexBytes? back)
        && back.Equals(new HexBytes(bytes))
        && back.GetHashCode() == new HexBytes(bytes).GetHashCode());

    [Theory]
    [InlineData("0102", 2, true)]
    [InlineData("AbCd", 2, true)]
    [InlineData("", 0, true)]
    [InlineData("0102", 1, false)]
    [InlineData("0102", 3, false)]
    [InlineData("010", 2, false)]
    [InlineData("0x01", 2, false)]
    [InlineData("01 2", 2, false)]
    [InlineData("01:2", 2, false)]
    [InlineData("", -1, false)]
    [InlineData(null, 0, false)]
    public void Text_IsTakenAtExactlyTheDemandedLength(string? text, int length, bool isTaken) =>
        Assert.Equal(isTaken, HexBytes.TryParse(text, length, out _));

    [Fact]
    public void Bytes_AreCopied()
    {
        byte[] source = [1, 2, 3];
        HexBytes bytes = new(source);
        source[0] = 9;
        Assert.Equal("010203", bytes.ToString());
    }

    [Fact]
    public void Equality_IsByValueAndLength()
    {
        HexBytes? none = null;
        Assert.True(new HexBytes([1, 2]) == new HexBytes([1, 2]) && new HexBytes([1, 2]) != new HexBytes([1, 3]));
        Assert.True(none == null && new HexBytes([]) != none && none != new HexBytes([]));
        Assert.Equal(new HexBytes([1, 2]), new HexBytes([1, 2]));
        Assert.NotEqual(new HexBytes([1, 2]), new HexBytes([1, 2, 0]));
        Assert.NotEqual(new HexBytes([1, 2]), new HexBytes([1, 3]));
        Assert.False(new HexBytes([1]).Equals(null));
    }

    [Fact]
    public void IsZero_LooksAtEveryByte()
    {
        Assert.True(new HexBytes(new byte[64]).IsZero);
        for (int i = 0; i < 64; i++)
        {
            byte[] bytes = new byte[64];
            bytes[i] = 1;
            Assert.False(new HexBytes(bytes).IsZero);
        }
    }
}
