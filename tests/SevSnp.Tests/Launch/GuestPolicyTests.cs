using SevSnp.Launch;

namespace SevSnp.Tests.Launch;

public sealed class GuestPolicyTests
{
    [Fact]
    public void EachBit_IsWellFormedAsTheTableSays()
    {
        for (int bit = 0; bit < 64; bit++)
        {
            Assert.Equal(bit < 26, new GuestPolicy(GuestPolicy.AlwaysOne | (1UL << bit)).IsWellFormed);
            Assert.False(new GuestPolicy((1UL << bit) & ~GuestPolicy.AlwaysOne).IsWellFormed);
        }
    }

    [Theory]
    [InlineData(0x30000UL)]
    [InlineData(0x3001FUL)]
    [InlineData(0xB0000UL)]
    [InlineData(0x2030000UL)]
    public void RealPolicies_AreWellFormed(ulong raw) => Assert.True(new GuestPolicy(raw).IsWellFormed);

    [Theory]
    [InlineData(GuestPolicyBits.Smt, 16)]
    [InlineData(GuestPolicyBits.MigrateMa, 18)]
    [InlineData(GuestPolicyBits.Debug, 19)]
    [InlineData(GuestPolicyBits.SingleSocket, 20)]
    [InlineData(GuestPolicyBits.CxlAllow, 21)]
    [InlineData(GuestPolicyBits.MemAes256Xts, 22)]
    [InlineData(GuestPolicyBits.RaplDis, 23)]
    [InlineData(GuestPolicyBits.CiphertextHidingDram, 24)]
    [InlineData(GuestPolicyBits.PageSwapDisable, 25)]
    public void T36_NamedBit_IsAtItsPlace(GuestPolicyBits name, int bit)
    {
        for (int i = 0; i < 64; i++)
        {
            Assert.Equal(i == bit, new GuestPolicy(1UL << i).Has(name));
        }
    }

    // The library computes with checked arithmetic: bits above the field must be masked, not cast away.
    [Theory]
    [InlineData(0x0003001FUL, 0, 0x1F)]
    [InlineData(0x0203012AUL, 1, 0x2A)]
    [InlineData(ulong.MaxValue, 0xFF, 0xFF)]
    [InlineData(0UL, 0, 0)]
    public void AbiVersion_IsReadFromItsTwoBytesAlone(ulong raw, byte major, byte minor)
    {
        GuestPolicy policy = new(raw);

        Assert.Equal((major, minor), (policy.AbiMajor, policy.AbiMinor));
    }
}
