using CsCheck;
using SevSnp.Primitives;

namespace SevSnp.Tests.Primitives;

public sealed class Digest384Tests
{
    [Fact]
    public void Default_IsTheZeroDigest()
    {
        Assert.True(default(Digest384).IsZero);
        Assert.Equal(new Digest384(new byte[48]), default);
        Assert.Equal(new string('0', 96), default(Digest384).ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(47)]
    [InlineData(49)]
    public void OtherLength_IsADefectOfTheCaller(int length) => Assert.Throws<ArgumentException>(() => new Digest384(new byte[length]));

    [Fact]
    public void Text_GoesThereAndBack() => Gen.Byte.Array[48].Sample(bytes =>
    {
        Digest384 digest = new(bytes);
        return Digest384.TryParse(digest.ToString(), out Digest384 lower) && lower == digest
            && Digest384.TryParse(Convert.ToHexString(bytes), out Digest384 upper) && upper == digest
            && upper.GetHashCode() == digest.GetHashCode()
            && digest.ToArray().AsSpan().SequenceEqual(bytes);
    });

    [Fact]
    public void OneOtherBit_IsAnotherDigest() => Gen.Select(Gen.Byte.Array[48], Gen.Int[0, 383]).Sample((bytes, bit) =>
    {
        Digest384 digest = new(bytes);
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        return new Digest384(bytes) != digest && !new Digest384(bytes).Equals((object)digest);
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0x000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(" 00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\n")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000g0")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public void OtherText_IsRefused(string? text)
    {
        Assert.False(Digest384.TryParse(text, out Digest384 digest));
        Assert.True(digest.IsZero);
    }
}
