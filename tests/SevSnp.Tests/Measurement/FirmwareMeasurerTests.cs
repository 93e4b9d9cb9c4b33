using SevSnp.Firmware;
using SevSnp.Measurement;
using SevSnp.Primitives;
using Verifier.TestKit.Firmware;

namespace SevSnp.Tests.Measurement;

/// <summary>What is measured, in which order, on firmware that needs no vectors.</summary>
public sealed class FirmwareMeasurerTests
{
    private const ulong Vmsa = 0xFFFF_FFFF_F000;

    private static readonly byte[] Image = FirmwareImageBuilder.AmdSev().Build();

    [Fact]
    public void Qemu_MeasuresImageThenSectionsThenVcpus() => Expect(
        FirmwareLaunches.Direct(),
        [
            .. FirmwarePages, (PageType.Zero, 0x80_0000, null), (PageType.Zero, 0x80_1000, null), (PageType.Secrets, 0x80_D000, null),
            (PageType.Cpuid, 0x80_E000, null), (PageType.Zero, 0x80_F000, null), (PageType.Zero, 0x81_0000, null), (PageType.Zero, 0x81_1000, null),
            (PageType.Vmsa, Vmsa, SaveArea(VmsaTemplate.QemuKvm, 0xFFFF_FFF0, true, FpuState.Reset)),
            (PageType.Vmsa, Vmsa, SaveArea(VmsaTemplate.QemuKvm, 0x0080_B004, false, FpuState.Reset)),
        ]);

    [Theory]
    [InlineData("ec2", 0x600ul)]
    [InlineData("ec2-rdx0", 0ul)]
    public void Ec2_MeasuresCpuidLast(string profile, ulong rdx)
    {
        Assert.True(FirmwareProfile.TryFromName(profile, out FirmwareProfile? ec2));
        Assert.Equal(rdx, ec2.Vmsa.Rdx);
        Expect(
            FirmwareLaunches.Direct(ec2, vcpus: 1) with { Cpu = null },
            [
                .. FirmwarePages, (PageType.Zero, 0x80_0000, null), (PageType.Zero, 0x80_1000, null), (PageType.Secrets, 0x80_D000, null),
                (PageType.Zero, 0x80_F000, null), (PageType.Zero, 0x81_0000, null), (PageType.Zero, 0x81_1000, null), (PageType.Cpuid, 0x80_E000, null),
                (PageType.Vmsa, Vmsa, SaveArea(ec2.Vmsa, 0xFFFF_FFF0, true, FpuState.Zero)),
            ]);
    }

    [Fact]
    public void Gce_LeavesTheFirmwaresMemoryUnmeasured() => Expect(
        FirmwareLaunches.Direct(FirmwareProfile.Gce, vcpus: 1) with { Cpu = null, VmsaGpa = 0xF_FFFF_FFFF_F000 },
        [
            .. FirmwarePages, (PageType.Unmeasured, 0x80_0000, null), (PageType.Unmeasured, 0x80_1000, null), (PageType.Secrets, 0x80_D000, null),
            (PageType.Cpuid, 0x80_E000, null), (PageType.Zero, 0x80_F000, null), (PageType.Zero, 0x81_0000, null), (PageType.Unmeasured, 0x81_1000, null),
            (PageType.Vmsa, 0xF_FFFF_FFFF_F000, SaveArea(VmsaTemplate.Gce, 0xFFFF_FFF0, true, FpuState.Zero)),
        ]);

    [Fact]
    public void Stage1_MeasuresBothImagesAndTheSvsmsSections()
    {
        byte[] svsm = FirmwareImageBuilder.Stage1().Build();
        byte[] vcpu = SaveArea(VmsaTemplate.Stage1Svsm, 0xFFFF_3010, true, FpuState.Reset);
        Assert.Equal(vcpu, SaveArea(VmsaTemplate.Stage1Svsm, 0xFFFF_3010, false, FpuState.Reset));
        Expect(
            FirmwareLaunches.Stage1(),
            [
                .. FirmwarePages, (PageType.Normal, 0xFFFF_3000, svsm[..0x1000]), (PageType.Normal, 0xFFFF_4000, svsm[0x1000..0x2000]),
                (PageType.Normal, 0xFFFF_5000, svsm[0x2000..]), (PageType.Zero, 0, null), (PageType.Zero, 0x1000, null),
                (PageType.Secrets, 0x9_E000, null), (PageType.Cpuid, 0x9_F000, null), (PageType.Vmsa, Vmsa, vcpu), (PageType.Vmsa, Vmsa, vcpu),
            ]);
    }

    [Fact]
    public void Kernel_IsMeasuredInItsPage()
    {
        byte[] page = new byte[0x1000];
        FirmwareLaunches.Kernel().ToArray().CopyTo(page, 0xC00);
        LaunchMeasurement measurement = FirmwareLaunches.Measure(FirmwareLaunches.Direct() with { Kernel = FirmwareLaunches.Kernel() });
        LaunchStep step = Assert.Single(measurement.Steps, s => s.Gpa == 0x81_0000);

        Assert.Equal((PageType.Normal, LaunchDigest.HashPage(page)), (step.Type, step.Contents));
    }

    [Fact]
    public void Seed_StandsForTheImage()
    {
        FirmwareLaunch launch = FirmwareLaunches.Direct();
        Digest384 seed = FirmwareMeasurer.MeasureFirmware(launch.Firmware);
        LaunchMeasurement whole = FirmwareLaunches.Measure(launch);
        LaunchMeasurement seeded = FirmwareLaunches.Measure(launch with { FirmwareDigest = seed });

        Assert.Equal(FirmwareLaunches.Chain(FirmwarePages), seed.ToString());
        Assert.Equal(whole.Digest, seeded.Digest);
        Assert.Equal(whole.Steps.Skip(2), seeded.Steps);
    }

    [Fact]
    public void Range_GivesEachNumberOfVcpus()
    {
        FirmwareLaunch launch = FirmwareLaunches.Direct(vcpus: 5);
        Assert.True(FirmwareMeasurer.TryMeasureRange(launch, 2, out IReadOnlyList<VcpuMeasurement>? digests, out _));

        Assert.Equal([2, 3, 4, 5], digests.Select(d => d.Vcpus));
        Assert.All(digests, d => Assert.Equal(FirmwareLaunches.Measure(launch with { Vcpus = d.Vcpus }).Digest, d.Digest));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(6)]
    public void RangeOutsideTheLaunch_IsRefused(int fewest)
    {
        Assert.False(FirmwareMeasurer.TryMeasureRange(FirmwareLaunches.Direct(vcpus: 5), fewest, out IReadOnlyList<VcpuMeasurement>? digests, out FirmwareFault fault));
        Assert.Null(digests);
        Assert.Equal(FirmwareFaultId.Vcpus, fault.Id);
    }

    [Fact]
    public void RangeOfARefusedLaunch_IsRefused()
    {
        Assert.False(FirmwareMeasurer.TryMeasureRange(FirmwareLaunches.Direct() with { Cpu = null }, 1, out _, out FirmwareFault fault));
        Assert.Equal(FirmwareFaultId.Cpu, fault.Id);
    }

    [Theory]
    [InlineData("qemu", "b633792208a4d95b95dba9c2d08813368246642f30716e15bb7115e67cc595e997d7a4bed98d362fbe317582737a405a")]
    [InlineData("old tool", "ec59b05ac95ae130aacaf862a9bd6a2a471143e34c06a0b3cdee3496a6588c02371a0e7d09d0ab0ac20aac1041be6cdf")]
    [InlineData("ec2", "f0f915ff94365209993cce0fdcd534b752bbb29ed2a20e5d188a735e1745ac54c571b36ff6112218acc27308e5422c9f")]
    [InlineData("ec2-rdx0", "cd0fa4b49308d34843c2df275fefe828dfad87048061ab628d38f6ec5af4ce996452d00098ea51d950eb69ae273f5d39")]
    [InlineData("gce", "277ebed438a4a80fa28868a85b3047e04cb41a166cf2f2cb4f7405fae62f5011e208b64e3113e37a4a0ea6e3fddb41d6")]
    [InlineData("stage1", "e478e557431207a903a7c8501a79fbc0d9adb228d7988f848fa5efbc00aa171cb80a96e60f7a3f47dbd5c299854a6d12")]
    public void T88_KnownLaunch_KeepsItsDigest(string name, string expected)
    {
        FirmwareLaunch launch = name switch
        {
            "qemu" => FirmwareLaunches.Direct(vcpus: 4),
            "old tool" => FirmwareLaunches.Direct() with
            {
                Cpu = new VcpuSignature(0),
                Features = SevFeatures.SnpActive | SevFeatures.DebugSwap,
                Fpu = FpuState.MxcsrOnly,
                VmsaGpa = 0xF_FFFF_FFFF_F000,
            },
            "stage1" => FirmwareLaunches.Stage1() with { Cpu = VcpuSignature.Of(23, 1, 2), VarsSize = 0x8_4000, Fpu = FpuState.Zero },
            _ => FirmwareLaunches.Direct(FirmwareProfile.All.Single(p => p.Name == name)),
        };

        // Computed by a program that shares nothing with this one.
        Assert.Equal(expected, FirmwareLaunches.Measure(launch).Digest.ToString());
    }

    [Fact]
    public void AnyInput_ChangesTheDigest()
    {
        FirmwareLaunch launch = FirmwareLaunches.Direct();
        FirmwareLaunch[] launches =
        [
            launch,
            launch with { Vcpus = 3 },
            launch with { Cpu = new VcpuSignature(launch.Cpu!.Value.Raw ^ 1) },
            launch with { Cpu = new VcpuSignature(0) },
            launch with { Features = SevFeatures.SnpActive | SevFeatures.DebugSwap },
            launch with { Fpu = FpuState.Zero },
            launch with { Fpu = FpuState.MxcsrOnly },
            launch with { VmsaGpa = 0xFFFF_FFFF_E000 },
            launch with { Kernel = FirmwareLaunches.Kernel() },
            launch with { Kernel = FirmwareLaunches.Kernel("quiet ") },
            launch with { FirmwareDigest = LaunchDigest.HashPage([]) },
            FirmwareLaunches.Direct(image: FirmwareImageBuilder.AmdSev(3)),
            FirmwareLaunches.Direct(FirmwareProfile.Ec2),
            FirmwareLaunches.Direct(FirmwareProfile.Ec2Rdx0),
            FirmwareLaunches.Direct(FirmwareProfile.Gce),
            FirmwareLaunches.Stage1(),
            FirmwareLaunches.Stage1() with { VarsSize = 0x9000 },
        ];

        Assert.Equal(launches.Length, launches.Select(l => FirmwareLaunches.Measure(l).Digest).Distinct().Count());
    }

    [Fact]
    public void CpuOfEc2AndGce_DoesNotCount()
    {
        Assert.All([FirmwareProfile.Ec2, FirmwareProfile.Ec2Rdx0, FirmwareProfile.Gce], p => Assert.Equal(
            FirmwareLaunches.Measure(FirmwareLaunches.Direct(p)).Digest, FirmwareLaunches.Measure(FirmwareLaunches.Direct(p) with { Cpu = null }).Digest));
    }

    [Fact]
    public void Description_NamesEveryInput()
    {
        Assert.Equal(
            "qemu, 2 vCPU, CPU 0x00a00f11, features 0x1, FPU reset, VMSA 0xfffffffff000, kernel hashes off", FirmwareLaunches.Direct().Describe());
        Assert.Equal(
            "gce, 2 vCPU, features 0x1, FPU zero, VMSA 0xfffffffff000, kernel hashes on",
            (FirmwareLaunches.Direct(FirmwareProfile.Gce) with { Kernel = FirmwareLaunches.Kernel() }).Describe());
        Assert.Equal(
            "stage1, 2 vCPU, CPU 0x00a00f11, features 0x1, FPU reset, VMSA 0xfffffffff000, kernel hashes off, variable store 32768", FirmwareLaunches.Stage1().Describe());
    }

    [Fact]
    public void UnknownProfile_IsNotFound()
    {
        Assert.False(FirmwareProfile.TryFromName("QEMU", out FirmwareProfile? profile));
        Assert.Null(profile);
        Assert.False(FirmwareProfile.TryFromName(null, out _));
        Assert.Equal(["qemu", "ec2", "ec2-rdx0", "gce", "stage1"], FirmwareProfile.All.Select(p => p.ToString()));
    }

    private static (PageType Type, ulong Gpa, byte[]? Page)[] FirmwarePages =>
        [(PageType.Normal, 0xFFFF_E000, Image[..0x1000]), (PageType.Normal, 0xFFFF_F000, Image[0x1000..])];

    private static void Expect(FirmwareLaunch launch, (PageType Type, ulong Gpa, byte[]? Page)[] pages)
    {
        LaunchMeasurement measurement = FirmwareLaunches.Measure(launch);

        Assert.Equal(pages.Select(p => (p.Type, p.Gpa)), measurement.Steps.Select(s => (s.Type, s.Gpa)));
        Assert.Equal(pages.Select(p => p.Page is null ? default : LaunchDigest.HashPage(p.Page)), measurement.Steps.Select(s => s.Contents));
        Assert.Equal(FirmwareLaunches.Chain(pages), measurement.Digest.ToString());
        Assert.Equal(pages.Length, measurement.PageCount);
    }

    private static byte[] SaveArea(VmsaTemplate template, uint entry, bool isBoot, FpuState fpu)
    {
        byte[] page = new byte[LaunchDigest.PageSize];
        VmsaPage.Write(page, template, new VmsaInputs(entry, isBoot, FirmwareLaunches.Milan, SevFeatures.SnpActive, fpu));
        return page;
    }
}
