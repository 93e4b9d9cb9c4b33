using System.Buffers.Binary;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Reports;

namespace SevSnp.Tests.Reports;

public sealed class ReportVersionTests
{
    [Fact]
    public void T05_VersionsBelowSeventeen_OnlyTwoToFiveParse()
    {
        for (uint version = 0; version <= 16; version++)
        {
            byte[] report = (ReportAssert.Good() with { Version = version }).Sign();
            if (version is >= 2 and <= 5)
            {
                Assert.Equal(version, ReportAssert.Parses(report).Version);
            }
            else
            {
                ReportAssert.IsRefused(report, CheckId.ReportVersionIsAllowed, 0, "VERSION");
            }
        }
    }

    [Theory]
    [InlineData(0x100)]
    [InlineData(0x0200_0000)]
    [InlineData(0x0300_0000)]
    [InlineData(0x0001_0003)]
    [InlineData(0x7FFF_FFFF)]
    [InlineData(0x8000_0003)]
    [InlineData(0xFFFF_FFFF)]
    public void T05_HighVersions_AreRefused(uint version) =>
        ReportAssert.IsRefused((ReportAssert.Good(3) with { Version = version }).Sign(), CheckId.ReportVersionIsAllowed, 0, "VERSION");

    [Theory]
    [InlineData(0x188, 0x19)]
    [InlineData(0x189, 0x01)]
    [InlineData(0x18A, 0x01)]
    public void T05_VersionTwoWithACpu_IsRefused(int offset, byte value) =>
        ReportAssert.IsRefused(ReportAssert.Good(2).Patch(offset, value).Sign(), CheckId.ReservedBytesAreZero, offset);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void T05_MitigationVectorsBeforeVersionFive_AreRefused(uint version)
    {
        for (int offset = 0x1F8; offset < 0x208; offset++)
        {
            ReportAssert.IsRefused(ReportAssert.Good(version).Patch(offset, 1).Sign(), CheckId.ReservedBytesAreZero, offset);
        }
    }

    [Fact]
    public void MitigationVectorsInVersionFive_AreRead()
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 0x1122334455667788);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), 0x99AABBCCDDEEFF00);
        AttestationReport report = ReportAssert.Parses(ReportAssert.Good().Patch(0x1F8, bytes).Sign());

        Assert.Equal(0x1122334455667788UL, report.LaunchMitigations);
        Assert.Equal(0x99AABBCCDDEEFF00UL, report.CurrentMitigations);
    }

    [Fact]
    public void T12_AllZeroReport_IsRefusedByItsVersion()
    {
        ReportAssert.IsRefused(new byte[AttestationReport.Size], CheckId.ReportVersionIsAllowed, 0, "VERSION");
        Assert.False(AttestationReport.TryParse(new byte[AttestationReport.Size], out _, out EvidenceFault fault));
        Assert.Contains("VMPL", fault.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x19, 0x00, ProductLine.Milan)]
    [InlineData(0x19, 0x0F, ProductLine.Milan)]
    [InlineData(0x19, 0x10, ProductLine.Genoa)]
    [InlineData(0x19, 0x1F, ProductLine.Genoa)]
    [InlineData(0x19, 0x20, ProductLine.Unknown)]
    [InlineData(0x19, 0x9F, ProductLine.Unknown)]
    [InlineData(0x19, 0xA0, ProductLine.Genoa)]
    [InlineData(0x19, 0xAF, ProductLine.Genoa)]
    [InlineData(0x19, 0xB0, ProductLine.Unknown)]
    [InlineData(0x18, 0x01, ProductLine.Unknown)]
    [InlineData(0x1B, 0x02, ProductLine.Unknown)]
    public void T16_ProductOfTheCpu_FollowsFamilyAndModel(byte family, byte model, ProductLine product) =>
        Assert.Equal(product, ReportAssert.Parses((ReportAssert.Good() with { Cpu = new CpuSignature(family, model, 1) }).Sign()).CpuProduct);

    [Theory]
    [InlineData(0x00, ProductLine.Turin)]
    [InlineData(0x11, ProductLine.Turin)]
    [InlineData(0x12, ProductLine.Unknown)]
    [InlineData(0x50, ProductLine.Unknown)]
    public void T16_ProductOfZenFive_EndsWithTurin(byte model, ProductLine product) =>
        Assert.Equal(product, ReportAssert.Parses((ReportAssert.Good(5, ProductLine.Turin) with { Cpu = new CpuSignature(0x1A, model, 0) }).Sign()).CpuProduct);
}
