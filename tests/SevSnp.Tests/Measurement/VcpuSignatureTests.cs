using SevSnp.Measurement;

namespace SevSnp.Tests.Measurement;

public sealed class VcpuSignatureTests
{
    [Theory]
    [InlineData("EPYC", 0x0080_0F12u)]
    [InlineData("EPYC-v1", 0x0080_0F12u)]
    [InlineData("EPYC-v2", 0x0080_0F12u)]
    [InlineData("EPYC-v3", 0x0080_0F12u)]
    [InlineData("EPYC-v4", 0x0080_0F12u)]
    [InlineData("EPYC-IBPB", 0x0080_0F12u)]
    [InlineData("EPYC-Rome", 0x0083_0F10u)]
    [InlineData("EPYC-Rome-v1", 0x0083_0F10u)]
    [InlineData("EPYC-Rome-v2", 0x0083_0F10u)]
    [InlineData("EPYC-Rome-v3", 0x0083_0F10u)]
    [InlineData("EPYC-Milan", 0x00A0_0F11u)]
    [InlineData("EPYC-Milan-v1", 0x00A0_0F11u)]
    [InlineData("EPYC-Milan-v2", 0x00A0_0F11u)]
    [InlineData("EPYC-Genoa", 0x00A1_0F10u)]
    [InlineData("EPYC-Genoa-v1", 0x00A1_0F10u)]
    [InlineData("EPYC-Turin", 0x00B0_0F00u)]
    [InlineData("epyc-milan", 0x00A0_0F11u)]
    public void KnownType_HasItsSignature(string type, uint expected)
    {
        Assert.True(VcpuSignature.TryFromType(type, out VcpuSignature signature));
        Assert.Equal(expected, signature.Raw);
    }

    [Fact]
    public void EveryType_IsListed() => Assert.Equal(16, VcpuSignature.TypeNames.Count);

    [Theory]
    [InlineData("")]
    [InlineData("EPYC-v5")]
    [InlineData("EPYC-Milan ")]
    [InlineData("Skylake-Server")]
    public void UnknownType_IsRefused(string type) => Assert.False(VcpuSignature.TryFromType(type, out _));

    [Theory]
    [InlineData(0u, 0u, 0u, 0u)]
    [InlineData(6u, 15u, 1u, 0x6F1u)]
    [InlineData(15u, 0u, 0u, 0xF00u)]
    [InlineData(16u, 0u, 0u, 0x0010_0F00u)]
    [InlineData(23u, 49u, 0u, 0x0083_0F10u)]
    [InlineData(0x10Eu, 0xFFu, 15u, 0x0FFF_0FFFu)]
    public void FamilyModelStepping_ArePackedAsCpuidDoes(uint family, uint model, uint stepping, uint expected) =>
        Assert.Equal(expected, VcpuSignature.Of(family, model, stepping).Raw);

    [Theory]
    [InlineData(0x10Fu, 0u, 0u)]
    [InlineData(0u, 0x100u, 0u)]
    [InlineData(0u, 0u, 16u)]
    public void NumberThatDoesNotFit_IsTheCallersDefect(uint family, uint model, uint stepping) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => VcpuSignature.Of(family, model, stepping));

    [Fact]
    public void Text_HasEightDigits() => Assert.Equal("0x00a00f11", new VcpuSignature(0x00A0_0F11).ToString());
}
