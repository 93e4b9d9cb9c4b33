using SevSnp.Firmware;
using SevSnp.Measurement;
using SevSnp.Primitives;
using Verifier.TestKit.Firmware;

namespace SevSnp.Tests.Measurement;

/// <summary>Launches that are refused instead of giving a digest that no guest can have.</summary>
public sealed class FirmwareLaunchRulesTests
{
    [Theory]
    [InlineData(int.MinValue, FirmwareFaultId.Vcpus)]
    [InlineData(-1, FirmwareFaultId.Vcpus)]
    [InlineData(0, FirmwareFaultId.Vcpus)]
    [InlineData(1, FirmwareFaultId.None)]
    [InlineData(4096, FirmwareFaultId.None)]
    [InlineData(4097, FirmwareFaultId.Vcpus)]
    [InlineData(int.MaxValue, FirmwareFaultId.Vcpus)]
    public void NumberOfVcpus_IsBounded(int vcpus, FirmwareFaultId expected) => Assert.Equal(expected, FirmwareLaunches.Refused(FirmwareLaunches.Direct(vcpus: vcpus)));

    [Theory]
    [InlineData(0x1ul, FirmwareFaultId.None)]
    [InlineData(0x21ul, FirmwareFaultId.None)]
    [InlineData(0xD7FFul, FirmwareFaultId.None)]
    [InlineData(0x21_D7FFul, FirmwareFaultId.None)]
    [InlineData(0x0ul, FirmwareFaultId.GuestFeatures)]
    [InlineData(0x20ul, FirmwareFaultId.GuestFeatures)]
    [InlineData(0x801ul, FirmwareFaultId.GuestFeatures)]
    [InlineData(0x2001ul, FirmwareFaultId.GuestFeatures)]
    [InlineData(0x8000_0000_0000_0001ul, FirmwareFaultId.GuestFeatures)]
    public void Features_AreThoseOfAnSnpGuest(ulong features, FirmwareFaultId expected) =>
        Assert.Equal(expected, FirmwareLaunches.Refused(FirmwareLaunches.Direct() with { Features = (SevFeatures)features }));

    [Theory]
    [InlineData(0x0ul, FirmwareFaultId.None)]
    [InlineData(0xF_FFFF_FFFF_F000ul, FirmwareFaultId.None)]
    [InlineData(0xFFFF_FFFF_F001ul, FirmwareFaultId.VmsaGpa)]
    [InlineData(0xFFFF_FFFF_FFFFul, FirmwareFaultId.VmsaGpa)]
    [InlineData(0x10_0000_0000_0000ul, FirmwareFaultId.VmsaGpa)]
    public void SaveAreaAddress_IsAPage(ulong gpa, FirmwareFaultId expected) =>
        Assert.Equal(expected, FirmwareLaunches.Refused(FirmwareLaunches.Direct() with { VmsaGpa = gpa }));

    [Fact]
    public void CpuSignature_IsDemandedWhereItIsMeasured()
    {
        Assert.Equal(FirmwareFaultId.Cpu, FirmwareLaunches.Refused(FirmwareLaunches.Direct() with { Cpu = null }));
        Assert.Equal(FirmwareFaultId.Cpu, FirmwareLaunches.Refused(FirmwareLaunches.Stage1() with { Cpu = null }));
    }

    [Fact]
    public void ZeroSeed_IsRefused() =>
        Assert.Equal(FirmwareFaultId.FirmwareDigest, FirmwareLaunches.Refused(FirmwareLaunches.Direct() with { FirmwareDigest = default(Digest384) }));

    [Fact]
    public void SvsmInputs_BelongToStage1()
    {
        FirmwareLaunch stage1 = FirmwareLaunches.Stage1();
        Assert.Equal(
            [FirmwareFaultId.None, FirmwareFaultId.Profile, FirmwareFaultId.Profile, FirmwareFaultId.Profile, FirmwareFaultId.Profile, FirmwareFaultId.Profile],
            new[]
            {
                stage1, stage1 with { Svsm = null }, stage1 with { VarsSize = null }, stage1 with { Kernel = FirmwareLaunches.Kernel() },
                stage1 with { Profile = FirmwareProfile.QemuKvm }, FirmwareLaunches.Direct() with { VarsSize = 0x8000 },
            }.Select(FirmwareLaunches.Refused));
    }

    [Fact]
    public void Stage1_HasOneFeatureOnly() => Assert.Equal(
        FirmwareFaultId.GuestFeatures, FirmwareLaunches.Refused(FirmwareLaunches.Stage1() with { Features = SevFeatures.SnpActive | SevFeatures.DebugSwap }));

    [Fact]
    public void Stage1Layout_IsHeld()
    {
        Assert.Equal(FirmwareFaultId.VarsSize, FirmwareLaunches.Refused(FirmwareLaunches.Stage1() with { VarsSize = 1000 }));
        Assert.Equal(FirmwareFaultId.NoSvsmInfo, FirmwareLaunches.Refused(FirmwareLaunches.Stage1() with { Svsm = FirmwareLaunches.Direct().Firmware }));
    }

    [Theory]
    [InlineData(null, 1, FirmwareFaultId.NoResetBlock)]
    [InlineData(0u, 1, FirmwareFaultId.None)]
    [InlineData(0u, 2, FirmwareFaultId.ApReset)]
    [InlineData(1u, 2, FirmwareFaultId.None)]
    public void ResetAddress_IsDemandedForFurtherVcpus(uint? address, int vcpus, FirmwareFaultId expected)
    {
        FirmwareImageBuilder image = FirmwareImageBuilder.AmdSev().Without(FirmwareImageBuilder.ResetBlock);
        if (address is { } given)
        {
            image.Entry(FirmwareImageBuilder.ResetBlock, given);
        }

        Assert.Equal(expected, FirmwareLaunches.Refused(FirmwareLaunches.Direct(vcpus: vcpus, image: image)));
    }

    [Theory]
    [InlineData(0x0081_0000u, 176u, FirmwareFaultId.None)]
    [InlineData(0x0081_0F50u, 176u, FirmwareFaultId.None)]
    [InlineData(0x0081_0F51u, 176u, FirmwareFaultId.HashesTable)]
    [InlineData(0x0081_0C00u, 175u, FirmwareFaultId.HashesTable)]
    [InlineData(0x0081_0C00u, 0u, FirmwareFaultId.HashesTable)]
    [InlineData(0x0080_0C00u, 0x400u, FirmwareFaultId.HashesTable)]
    [InlineData(0x0081_1000u, 0x400u, FirmwareFaultId.HashesTable)]
    [InlineData(0u, 0x400u, FirmwareFaultId.HashesTable)]
    public void HashesTable_LiesInItsPage(uint gpa, uint size, FirmwareFaultId expected)
    {
        FirmwareImageBuilder image = FirmwareImageBuilder.AmdSev().Without(FirmwareImageBuilder.HashesTable).Entry(FirmwareImageBuilder.HashesTable, gpa, size);
        FirmwareLaunch launch = FirmwareLaunches.Direct(image: image);

        Assert.Equal(expected, FirmwareLaunches.Refused(launch with { Kernel = FirmwareLaunches.Kernel() }));
        Assert.Equal(FirmwareFaultId.None, FirmwareLaunches.Refused(launch));
    }

    [Fact]
    public void SectionAtZeroWithoutATable_IsNoPlaceForHashes()
    {
        FirmwareImageBuilder image = FirmwareImageBuilder.AmdSev().Without(FirmwareImageBuilder.HashesTable).WithoutSections()
            .Section(0, 0x1000, FirmwareSectionType.KernelHashes);

        Assert.Equal(FirmwareFaultId.HashesTable, FirmwareLaunches.Refused(FirmwareLaunches.Direct(image: image) with { Kernel = FirmwareLaunches.Kernel() }));
    }

    [Fact]
    public void FirmwareWithoutHashesSection_TakesNoKernel()
    {
        FirmwareImageBuilder image = FirmwareImageBuilder.AmdSev().WithoutSections().Section(0x80_0000, 0x1000, FirmwareSectionType.SecMem);

        Assert.Equal(
            FirmwareFaultId.NoKernelHashesSection, FirmwareLaunches.Refused(FirmwareLaunches.Direct(image: image) with { Kernel = FirmwareLaunches.Kernel() }));
    }

    [Fact]
    public void TwoHashesSections_CannotBothHoldTheTable()
    {
        FirmwareImageBuilder image = FirmwareImageBuilder.AmdSev().Section(0x90_0000, 0x1000, FirmwareSectionType.KernelHashes);

        Assert.Equal(FirmwareFaultId.HashesTable, FirmwareLaunches.Refused(FirmwareLaunches.Direct(image: image) with { Kernel = FirmwareLaunches.Kernel() }));
    }

    [Theory]
    [InlineData(0xFFFF_D000u, FirmwareFaultId.None)]
    [InlineData(0xFFFF_E000u, FirmwareFaultId.SectionOverlap)]
    [InlineData(0xFFFF_F000u, FirmwareFaultId.SectionOverlap)]
    public void T83_Section_LiesOutsideTheImage(uint gpa, FirmwareFaultId expected) => Assert.Equal(
        expected,
        FirmwareLaunches.Refused(FirmwareLaunches.Direct(image: FirmwareImageBuilder.AmdSev().Section(gpa, 0x1000, FirmwareSectionType.SecMem))));

    [Theory]
    [InlineData(0xFFFF_2000u, FirmwareFaultId.None)]
    [InlineData(0xFFFF_3000u, FirmwareFaultId.SectionOverlap)]
    [InlineData(0xFFFF_6000u, FirmwareFaultId.SectionOverlap)]
    [InlineData(0xFFFF_E000u, FirmwareFaultId.SectionOverlap)]
    public void T83_SectionOfAnSvsm_LiesBelowBothImages(uint gpa, FirmwareFaultId expected)
    {
        byte[] bytes = FirmwareImageBuilder.Stage1().Section(gpa, 0x1000, FirmwareSectionType.SecMem).Build();
        Assert.True(FirmwareImage.TryParse(bytes, out FirmwareImage? svsm, out _));

        Assert.Equal(expected, FirmwareLaunches.Refused(FirmwareLaunches.Stage1() with { Svsm = svsm }));
    }
}
