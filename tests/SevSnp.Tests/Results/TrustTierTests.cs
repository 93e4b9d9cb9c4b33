using SevSnp.Results;

namespace SevSnp.Tests.Results;

public sealed class TrustTierTests
{
    [Theory]
    [InlineData(-128, TrustTier.Contraindicated)]
    [InlineData(-97, TrustTier.Contraindicated)]
    [InlineData(-96, TrustTier.Warning)]
    [InlineData(-33, TrustTier.Warning)]
    [InlineData(-32, TrustTier.Affirming)]
    [InlineData(-2, TrustTier.Affirming)]
    [InlineData(-1, TrustTier.None)]
    [InlineData(0, TrustTier.None)]
    [InlineData(1, TrustTier.None)]
    [InlineData(2, TrustTier.Affirming)]
    [InlineData(31, TrustTier.Affirming)]
    [InlineData(32, TrustTier.Warning)]
    [InlineData(95, TrustTier.Warning)]
    [InlineData(96, TrustTier.Contraindicated)]
    [InlineData(127, TrustTier.Contraindicated)]
    public void Value_HasTheTierOfItsRange(sbyte value, TrustTier tier) => Assert.Equal(tier, TrustTiers.Of(value));

    // Signed 8 bit: every value there is has a tier, and tiers grow with the distance from zero.
    [Fact]
    public void EveryValue_HasATier()
    {
        foreach (int value in Enumerable.Range(-128, 256))
        {
            TrustTier tier = TrustTiers.Of((sbyte)value);
            Assert.True(Enum.IsDefined(tier));
            Assert.True(value is 127 or -128 || TrustTiers.Of((sbyte)(value < 0 ? value - 1 : value + 1)) >= tier, $"{value}");
        }
    }

    [Fact]
    public void Words_AreThoseOfTheDraft() => Assert.Equal(
        [("none", 0), ("affirming", 2), ("warning", 32), ("contraindicated", 96)],
        Enum.GetValues<TrustTier>().Select(tier => (tier.WireName(), (int)tier)));

    [Fact]
    public void Claims_HaveTheNamesAndLabelsOfTheDraft() => Assert.Equal(
        ["0 instance-identity", "1 configuration", "2 executables", "3 file-system", "4 hardware", "5 runtime-opaque", "6 storage-opaque", "7 sourced-data"],
        TrustClaims.All.Select(claim => $"{(int)claim} {claim.WireName()}"));
}
