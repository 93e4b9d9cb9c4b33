using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.Primitives;
using SevSnp.Tests.Igvm;

namespace SevSnp.Tests.Measurement;

/// <summary>What the profiles and overrides mean, step by step, on small files of our own.</summary>
public sealed class IgvmMeasurerTests
{
    private const uint Snp = SampleIgvm.Snp;
    private static readonly IgvmMeasureOptions Steps = new() { KeepSteps = true };

    [Fact]
    public void Spec_MeasuresInFileOrder() => Assert.Equal(
        [
            "unmeasured 40000", "unmeasured 41000", "normal 10000", "normal 11000", "normal 12000", "vmsa fffffffff000",
        ],
        Lines(SampleIgvm.Builder(), new IgvmLaunch()));

    [Fact]
    public void Kvm_MeasuresSaveAreasLast()
    {
        IgvmBuilder builder = SampleIgvm.Start().VpContext(SampleIgvm.VmsaGpa, Snp, SampleIgvm.Vmsa()).Page(0x1000, Snp, SampleIgvm.PageOf(1));
        Assert.Equal(["vmsa fffffffff000", "normal 1000"], Lines(builder, new IgvmLaunch()));
        Assert.Equal(["vmsa fffffffff000", "normal 1000"], Lines(builder, new IgvmLaunch { Profile = LaunchProfile.HyperV }));
        Assert.Equal(["normal 1000", "vmsa fffffffff000"], Lines(builder, new IgvmLaunch { Profile = LaunchProfile.QemuKvm }));
        Assert.Equal(["normal 1000", "vmsa fffffffff000"], Lines(builder, new IgvmLaunch { Profile = LaunchProfile.Vanadium }));
    }

    [Fact]
    public void SharedPage_IsMeasuredByQemuOnly()
    {
        IgvmBuilder builder = SampleIgvm.Start().Page(0x1000, Snp, SampleIgvm.PageOf(1)).Page(0x2000, Snp, SampleIgvm.PageOf(2), 4);
        Assert.Equal(["normal 1000"], Lines(builder, new IgvmLaunch()));
        Assert.Equal(["normal 1000"], Lines(builder, new IgvmLaunch { Profile = LaunchProfile.Vanadium }));
        Assert.Equal(["normal 1000", "normal 2000"], Lines(builder, new IgvmLaunch { Profile = LaunchProfile.QemuKvm }));
    }

    [Fact]
    public void PageOfAnotherPlatform_IsLeftOut() => Assert.Equal(
        ["normal 1000"],
        Lines(SampleIgvm.Start().Page(0x1000, Snp, SampleIgvm.PageOf(1)).Page(0x2000, SampleIgvm.Tdx, SampleIgvm.PageOf(2)), new IgvmLaunch()));

    [Fact]
    public void PurposeOfAPage_WeighsMoreThanItsFlags() => Assert.Equal(
        ["secrets 1000", "cpuid 2000", "cpuid 3000", "unmeasured 4000"],
        Lines(
            SampleIgvm.Start()
                .Page(0x1000, Snp, default, 2, IgvmPageDataType.Secrets)
                .Page(0x2000, Snp, SampleIgvm.PageOf(1), 2, IgvmPageDataType.CpuidData)
                .Page(0x3000, Snp, default, 0, IgvmPageDataType.CpuidXf)
                .Page(0x4000, Snp, SampleIgvm.PageOf(1), 2),
            new IgvmLaunch()));

    [Fact]
    public void NativeZeroPages_ChangePagesWithoutContentOnly()
    {
        IgvmBuilder builder = SampleIgvm.Start().Page(0x1000, Snp).Page(0x2000, Snp, new byte[4096]);
        Assert.Equal(["normal 1000", "normal 2000"], Lines(builder, new IgvmLaunch()));
        Assert.Equal(["zero 1000", "normal 2000"], Lines(builder, new IgvmLaunch { ZeroPages = ZeroPages.Native }));
        Assert.Equal(["zero 1000", "normal 2000"], Lines(builder, new IgvmLaunch { Profile = LaunchProfile.Vanadium }));
        Assert.Equal(["normal 1000", "normal 2000"], Lines(builder, new IgvmLaunch { Profile = LaunchProfile.Vanadium, ZeroPages = ZeroPages.Normal }));
        Digest384[] contents = [.. Measure(builder, new IgvmLaunch()).Measurement.Steps.Select(s => s.Contents).Distinct()];
        Assert.StartsWith("c0e59a3e3ffbd3b5", Assert.Single(contents).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LargePage_IsMeasuredAs512()
    {
        byte[] content = new byte[2 << 20];
        content[^1] = 1;
        IgvmMeasurement measured = Measure(SampleIgvm.Start().Page(0x200000, Snp, content, 1), new IgvmLaunch());
        Assert.Equal(512, measured.Measurement.PageCount);
        Assert.Equal(0x3FF000UL, measured.Measurement.Steps[^1].Gpa);
        Assert.NotEqual(measured.Measurement.Steps[0].Contents, measured.Measurement.Steps[^1].Contents);
        Assert.Equal([IgvmLaunchNote.LargePages], measured.Notes);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    public void T67_NumberOfSaveAreas_IsWhatIsAsked(int inFile, int asked)
    {
        IgvmBuilder builder = WithVmsas(inFile);
        LaunchStep[] vmsas = [.. Measure(builder, new IgvmLaunch { Profile = LaunchProfile.QemuKvm, Vmsas = asked }).Measurement.Steps.Where(s => s.Type == PageType.Vmsa)];
        Assert.Equal(asked, vmsas.Length);
        Assert.All(vmsas, v => Assert.Equal(SampleIgvm.VmsaGpa, v.Gpa));
        Assert.Equal(inFile == 1 ? 1 : asked, vmsas.Select(v => v.Contents).Distinct().Count());
    }

    [Theory]
    [InlineData(1, 0, IgvmMeasureFaultId.VmsaCountOutOfRange)]
    [InlineData(1, -1, IgvmMeasureFaultId.VmsaCountOutOfRange)]
    [InlineData(1, 4097, IgvmMeasureFaultId.VmsaCountOutOfRange)]
    [InlineData(0, 1, IgvmMeasureFaultId.VmsaAbsent)]
    [InlineData(2, 3, IgvmMeasureFaultId.VmsaCountAmbiguous)]
    public void NumberOfSaveAreasThatCannotBe_IsRefused(int inFile, int asked, IgvmMeasureFaultId expected)
    {
        IgvmFile file = SampleIgvm.Read(WithVmsas(inFile).Build());
        Assert.False(IgvmMeasurer.TryMeasure(file, new IgvmLaunch { Vmsas = asked }, out IgvmMeasurement? measured, out IgvmMeasureFault fault));
        Assert.Null(measured);
        Assert.Equal((expected, $"spec;vmsas={asked}"), (fault.Id, fault.Launch));
    }

    [Fact]
    public void FileWithoutPagesForSnp_HasNoDigest()
    {
        IgvmFile file = SampleIgvm.Read(SampleIgvm.Start().Page(0x1000, SampleIgvm.Tdx, SampleIgvm.PageOf(1)).Build());
        Assert.False(IgvmMeasurer.TryMeasure(file, new IgvmLaunch(), out _, out IgvmMeasureFault fault));
        Assert.Equal(IgvmMeasureFaultId.PagesAbsent, fault.Id);
        Assert.False(IgvmMeasurer.TryMeasure(file, new IgvmLaunch { Profile = LaunchProfile.Unspecified }, out _, out fault));
        Assert.Equal(IgvmMeasureFaultId.ProfileUnspecified, fault.Id);
    }

    [Fact]
    public void T67_WaysMeasuredTogether_GiveTheSameAsAlone()
    {
        IgvmBuilder builder = SampleIgvm.Start();
        for (byte i = 0; i < 200; i++)
        {
            builder.Page(i * 0x1000UL, Snp, i % 5 == 0 ? default : SampleIgvm.PageOf(i), i % 7 == 0 ? 4u : 0);
        }

        IgvmFile file = SampleIgvm.Read(builder.VpContext(SampleIgvm.VmsaGpa, Snp, SampleIgvm.Vmsa()).Page(0x1000000, Snp, SampleIgvm.PageOf(1)).Build());
        IgvmLaunch[] ways =
        [
            .. LaunchProfiles.All.Select(p => new IgvmLaunch { Profile = p }), new() { Vmsas = 8 }, new() { ZeroPages = ZeroPages.Native }, new() { LikeIgvmmeasure = true },
        ];
        Assert.True(IgvmMeasurer.TryMeasureAll(file, ways, out IReadOnlyList<IgvmMeasurement>? together, out _));
        Assert.Equal(ways, together.Select(m => m.Launch));
        foreach (IgvmMeasurement one in together)
        {
            Assert.True(IgvmMeasurer.TryMeasure(file, one.Launch, out IgvmMeasurement? alone, out _, new IgvmMeasureOptions { MaxParallelism = 1, KeepSteps = true }));
            Assert.Equal(alone.Digest, one.Digest);
            Assert.Empty(one.Measurement.Steps);
            Assert.Equal(alone.Digest, alone.Measurement.Steps[^1].DigestAfter);
        }

        // All differ but those of the format and of Hyper-V.
        Assert.Equal(ways.Length - 1, together.Select(m => m.Digest).Distinct().Count());
    }

    // Two platforms with one mask are a warning to a lenient reader. What is measured as a save area must then be a whole one, whichever
    // platform comes first, and not a register list of 36 bytes at the end of the file.
    [Theory]
    [InlineData(IgvmPlatformType.SevSnp)]
    [InlineData(IgvmPlatformType.SevEs)]
    public void ContextUnderASharedMask_MustBeAWholeSaveArea(IgvmPlatformType measured)
    {
        byte[] registers = [1, 0, 0, 0, .. new byte[32]];
        byte[] whole = [1, .. new byte[4095]];
        byte[] tailed = [.. whole[..0x670], 1, .. new byte[0x98F]];
        IgvmBuilder Start() => new IgvmBuilder().Platform(IgvmPlatformType.Vsm, 8).Platform(measured, 8)
            .Platform(measured == IgvmPlatformType.SevSnp ? IgvmPlatformType.Tdx : IgvmPlatformType.SevSnp, Snp).Page(0x1000, Snp | 8, SampleIgvm.PageOf(1));
        Assert.Equal(IgvmFaultId.DataPastEnd, SampleIgvm.Refusal(Start().VpContext(0, 8, registers).Build()).Id);

        IgvmFile file = SampleIgvm.Read(Start().VpContext(0, 8, whole).Build(), IgvmStrictness.Lenient);
        Assert.True(IgvmMeasurer.TryMeasure(file, new IgvmLaunch { LikeIgvmmeasure = true }, out IgvmMeasurement? digest, out IgvmMeasureFault fault), fault.ToString());
        Assert.Equal(2, digest.Measurement.PageCount);
        Assert.Equal(IgvmFaultId.VmsaTailNotZero, SampleIgvm.Refusal(Start().VpContext(0, 8, tailed).Build()).Id);
    }

    [Fact]
    public void ChangedPage_ShowsInTheDigest()
    {
        byte[] bytes = SampleIgvm.Builder().Build();
        IgvmFile file = SampleIgvm.Read(bytes);
        Assert.True(IgvmMeasurer.TryMeasure(file, new IgvmLaunch(), out IgvmMeasurement? before, out _));
        bytes[file.DataStart + 5] ^= 1;
        Assert.True(IgvmMeasurer.TryMeasure(SampleIgvm.Read(bytes), new IgvmLaunch(), out IgvmMeasurement? after, out _));
        Assert.NotEqual(before.Digest, after.Digest);
    }

    [Fact]
    public void CancelledWork_Ends()
    {
        IgvmFile file = SampleIgvm.Read(SampleIgvm.Builder().Build());
        IgvmMeasureOptions cancelled = new() { Cancellation = new CancellationToken(true) };
        Assert.ThrowsAny<OperationCanceledException>(() => IgvmMeasurer.TryMeasure(file, new IgvmLaunch(), out _, out _, cancelled));
    }

    [Theory]
    [InlineData(LaunchProfile.Spec, null, null, false, "spec")]
    [InlineData(LaunchProfile.QemuKvm, null, 4, false, "qemu-kvm;vmsas=4")]
    [InlineData(LaunchProfile.HyperV, ZeroPages.Native, 2, false, "hyperv;zero-pages=native;vmsas=2")]
    [InlineData(LaunchProfile.Vanadium, ZeroPages.Normal, null, true, "igvmmeasure;zero-pages=normal")]
    public void Way_HasAName(LaunchProfile profile, ZeroPages? zeroPages, int? vmsas, bool like, string expected) => Assert.Equal(
        expected, new IgvmLaunch { Profile = profile, ZeroPages = zeroPages, Vmsas = vmsas, LikeIgvmmeasure = like }.Name);

    private static IgvmBuilder WithVmsas(int count)
    {
        IgvmBuilder builder = SampleIgvm.Start().Page(0x1000, Snp, SampleIgvm.PageOf(1));
        for (int i = 0; i < count; i++)
        {
            builder.VpContext(SampleIgvm.VmsaGpa, Snp, SampleIgvm.Vmsa((byte)i), (ushort)i);
        }

        return builder;
    }

    private static IgvmMeasurement Measure(IgvmBuilder builder, IgvmLaunch launch)
    {
        Assert.True(IgvmMeasurer.TryMeasure(SampleIgvm.Read(builder.Build()), launch, out IgvmMeasurement? measured, out IgvmMeasureFault fault, Steps), fault.ToString());
        return measured;
    }

    private static string[] Lines(IgvmBuilder builder, IgvmLaunch launch) =>
        [.. Measure(builder, launch).Measurement.Steps.Select(s => $"{s.Type.WireName()} {s.Gpa:x}")];
}
