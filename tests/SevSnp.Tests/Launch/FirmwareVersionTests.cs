using CsCheck;
using SevSnp.Launch;

namespace SevSnp.Tests.Launch;

public sealed class FirmwareVersionTests
{
    [Theory]
    [InlineData(1, 58, 0, 1, 55, 40, true)]
    [InlineData(1, 55, 40, 1, 55, 40, true)]
    [InlineData(1, 55, 39, 1, 55, 40, false)]
    [InlineData(1, 54, 255, 1, 55, 0, false)]
    [InlineData(0, 255, 255, 1, 0, 0, false)]
    [InlineData(2, 0, 0, 1, 255, 255, true)]
    public void IsAtLeast_ComparesTheTuple(byte major, byte minor, byte build, byte minMajor, byte minMinor, byte minBuild, bool expected) =>
        Assert.Equal(expected, new FirmwareVersion(major, minor, build).IsAtLeast(new FirmwareVersion(minMajor, minMinor, minBuild)));

    [Fact]
    public void IsAtLeast_IsTheOrderOfThePackedNumber() => Gen.Select(Gen.Byte.Array[3], Gen.Byte.Array[3]).Sample((a, b) =>
        new FirmwareVersion(a[0], a[1], a[2]).IsAtLeast(new FirmwareVersion(b[0], b[1], b[2]))
            == ((a[0] << 16 | a[1] << 8 | a[2]) >= (b[0] << 16 | b[1] << 8 | b[2])));
}
