using SevSnp.Launch;
using SevSnp.References;
using SevSnp.Tests.Judgement;
using Verifier.TestKit;

namespace SevSnp.Tests.References;

public sealed class ReferenceValueTests
{
    [Theory]
    [InlineData(ReferenceState.Unspecified, false)]
    [InlineData(ReferenceState.Pending, false)]
    [InlineData(ReferenceState.Active, true)]
    [InlineData(ReferenceState.Deprecated, true)]
    [InlineData(ReferenceState.Revoked, false)]
    [InlineData((ReferenceState)5, false)]
    public void State_DecidesWhetherItIsUsable(ReferenceState state, bool isUsable)
    {
        ReferenceValue value = Guest.Value() with { State = state };
        Assert.Equal(isUsable, value.IsUsable(VirtualAmd.Now));
        Assert.Equal(isUsable, (value with { ExpireTime = VirtualAmd.Now.AddTicks(1) }).IsUsable(VirtualAmd.Now));
        Assert.False((value with { ExpireTime = VirtualAmd.Now }).IsUsable(VirtualAmd.Now));
        Assert.False((value with { ExpireTime = VirtualAmd.Now.AddYears(-1) }).IsUsable(VirtualAmd.Now));
    }

    [Fact]
    public void DefaultState_IsNotUsable() => Assert.Equal(ReferenceState.Unspecified, default);

    [Theory]
    [InlineData(LaunchKind.SvsmIgvm, "svsm-igvm")]
    [InlineData(LaunchKind.Igvm, "igvm")]
    [InlineData(LaunchKind.Stage1, "stage1")]
    [InlineData(LaunchKind.Ovmf, "ovmf")]
    [InlineData(LaunchKind.Unspecified, "unspecified")]
    [InlineData((LaunchKind)99, "unspecified")]
    public void Kind_HasAStableName(LaunchKind kind, string name) => Assert.Equal(name, kind.WireName());
}
