using SevSnp.Launch;

namespace SevSnp.Tests.Launch;

public sealed class GuestPolicyTests
{
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
