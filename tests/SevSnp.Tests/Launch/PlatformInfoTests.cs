using SevSnp.Launch;

namespace SevSnp.Tests.Launch;

public sealed class PlatformInfoTests
{
    [Theory]
    [InlineData(PlatformInfoBits.SmtEnabled, 0)]
    [InlineData(PlatformInfoBits.TsmeEnabled, 1)]
    [InlineData(PlatformInfoBits.EccEnabled, 2)]
    [InlineData(PlatformInfoBits.RaplDisabled, 3)]
    [InlineData(PlatformInfoBits.CiphertextHidingDramEnabled, 4)]
    [InlineData(PlatformInfoBits.AliasCheckComplete, 5)]
    [InlineData(PlatformInfoBits.IommuWriteSafe, 6)]
    [InlineData(PlatformInfoBits.TioEnabled, 7)]
    public void T37_NamedBit_IsAtItsPlace(PlatformInfoBits name, int bit)
    {
        for (int i = 0; i < 64; i++)
        {
            Assert.Equal(i == bit, new PlatformInfo(1UL << i).Has(name));
            Assert.Equal(i >= 8, ((1UL << i) & PlatformInfo.UnknownBits) != 0);
        }
    }
}
