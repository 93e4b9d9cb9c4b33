using SevSnp.Launch;

namespace SevSnp.Tests.Launch;

public sealed class ProductLineTests
{
    [Theory]
    [InlineData(0x19, 0x01, ProductLine.Milan)]
    [InlineData(0x19, 0x00, ProductLine.Milan)]
    [InlineData(0x19, 0x0F, ProductLine.Milan)]
    [InlineData(0x19, 0x10, ProductLine.Genoa)]
    [InlineData(0x19, 0x11, ProductLine.Genoa)]
    [InlineData(0x19, 0x1F, ProductLine.Genoa)]
    [InlineData(0x19, 0x20, ProductLine.Unknown)]
    [InlineData(0x19, 0x9F, ProductLine.Unknown)]
    [InlineData(0x19, 0xA0, ProductLine.Genoa)]
    [InlineData(0x19, 0xAF, ProductLine.Genoa)]
    [InlineData(0x19, 0xB0, ProductLine.Unknown)]
    [InlineData(0x1A, 0x00, ProductLine.Turin)]
    [InlineData(0x1A, 0x02, ProductLine.Turin)]
    [InlineData(0x1A, 0x11, ProductLine.Turin)]
    [InlineData(0x1A, 0x12, ProductLine.Unknown)]
    [InlineData(0x1A, 0x50, ProductLine.Unknown)]
    [InlineData(0x17, 0x01, ProductLine.Unknown)]
    [InlineData(0x00, 0x00, ProductLine.Unknown)]
    public void T16_FamilyAndModel_NameTheProductLine(byte family, byte model, ProductLine expected)
    {
        Assert.Equal(expected, ProductLines.FromCpu(new CpuSignature(family, model, 0)));
        Assert.Equal(expected, ProductLines.FromCpu(new CpuSignature(family, model, 15)));
    }

    [Fact]
    public void TcbLayout_FollowsTheProductLine()
    {
        Assert.Equal(TcbLayout.Legacy, ProductLine.Milan.TcbLayout());
        Assert.Equal(TcbLayout.Legacy, ProductLine.Genoa.TcbLayout());
        Assert.Equal(TcbLayout.Turin, ProductLine.Turin.TcbLayout());
        Assert.Throws<ArgumentOutOfRangeException>(() => ProductLine.Unknown.TcbLayout());
    }
}
