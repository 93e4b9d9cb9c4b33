using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.Primitives;
using SevSnp.Tests.Igvm;

namespace SevSnp.Tests.Measurement;

/// <summary>Each way of launching a file is found again from its digest, and nothing from another digest.</summary>
public sealed class IgvmVariantsTests
{
    private static readonly IgvmFile File = SampleIgvm.Read(SampleIgvm.Start()
        .Page(0x10000, SampleIgvm.Snp, SampleIgvm.PageOf(1))
        .VpContext(SampleIgvm.VmsaGpa, SampleIgvm.Snp, SampleIgvm.Vmsa())
        .Page(0x11000, SampleIgvm.Snp)
        .Build());

    public static TheoryData<string> Ways => [.. LaunchProfiles.All.SelectMany(p => new[] { p.WireName(), $"{p.WireName()};zero-pages=normal", $"{p.WireName()};zero-pages=native" })];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Way_IsFoundFromItsDigest(string name)
    {
        string[] parts = name.Split(";zero-pages=");
        Assert.True(LaunchProfiles.TryParse(parts[0], out LaunchProfile profile));
        IgvmLaunch launch = new() { Profile = profile, ZeroPages = parts is [_, var zero] ? zero == "native" ? ZeroPages.Native : ZeroPages.Normal : null };
        IReadOnlyList<IgvmVariantMatch> found = IgvmVariants.Find(File, Digest(File, launch), 4);

        // The profile's own type of zero pages needs not to be said.
        bool isOwn = launch.ZeroPages is { } z && (z == ZeroPages.Native) == (profile == LaunchProfile.Vanadium);
        Assert.Contains(found, m => m.Launch == (isOwn ? launch with { ZeroPages = null } : launch) && m is { Deviation: LaunchDeviation.None, Steps: 3 });
        Assert.DoesNotContain(found, m => m.Deviation != LaunchDeviation.None);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(16)]
    public void Copies_AreFoundUpToTheirNumber(int vmsas)
    {
        IgvmLaunch launch = new() { Profile = LaunchProfile.QemuKvm, Vmsas = vmsas };
        Digest384 digest = Digest(File, launch);
        IReadOnlyList<IgvmVariantMatch> found = IgvmVariants.Find(File, digest, 16);
        Assert.Equal(launch, found[0].Launch);
        Assert.All(found, m => Assert.Equal((vmsas, LaunchDeviation.None), (m.Launch.Vmsas, m.Deviation)));
        Assert.Empty(IgvmVariants.Find(File, digest, vmsas - 1));
    }

    [Theory]
    [InlineData(0x00, LaunchDeviation.DebugSwapSet)]
    [InlineData(0x20, LaunchDeviation.DebugSwapCleared)]
    public void ChangedDebugSwap_IsFound(byte features, LaunchDeviation expected)
    {
        IgvmFile file = WithFeatures(features);
        Digest384 launched = Digest(WithFeatures((byte)(features ^ 0x20)), new IgvmLaunch());
        Assert.All(IgvmVariants.Find(file, launched, 4), m => Assert.Equal(expected, m.Deviation));
        Assert.Contains(IgvmVariants.Find(file, launched, 4), m => m.Launch == new IgvmLaunch());
        Assert.Empty(IgvmVariants.Find(file, Digest(WithFeatures((byte)(features ^ 0x08)), new IgvmLaunch()), 4));
    }

    [Theory]
    [InlineData(0x00, 0x00, true)]
    [InlineData(0x20, 0x20, true)]
    [InlineData(0x00, 0x20, false)]
    public void DebugSwapOfSeveralSaveAreas_IsChangedInOneDirectionOnly(byte first, byte second, bool isFound)
    {
        IgvmFile launched = WithFeatures((byte)(first ^ 0x20), (byte)(second ^ 0x20));
        Assert.Equal(isFound, IgvmVariants.Find(WithFeatures(first, second), Digest(launched, new IgvmLaunch()), 4).Count > 0);
    }

    [Fact]
    public void EndBeforeTheSaveArea_IsADeviation()
    {
        Assert.True(IgvmMeasurer.TryMeasure(File, new IgvmLaunch { Profile = LaunchProfile.QemuKvm }, out IgvmMeasurement? whole, out _, new IgvmMeasureOptions { KeepSteps = true }));
        Assert.Contains(
            IgvmVariants.Find(File, whole.Measurement.Steps[1].DigestAfter, 4),
            m => m is { Launch.Profile: LaunchProfile.QemuKvm, Launch.Vmsas: null, Deviation: LaunchDeviation.SaveAreasAbsent, Steps: 2 });
        Assert.All(IgvmVariants.Find(File, whole.Measurement.Steps[0].DigestAfter, 4), m => Assert.Equal(LaunchDeviation.Unfinished, m.Deviation));
    }

    [Fact]
    public void OtherDigest_IsNotFound() => Assert.Empty(IgvmVariants.Find(File, new Digest384([.. Enumerable.Repeat((byte)1, 48)]), 64));

    [Fact]
    public void FileForAnotherPlatform_HasNoWays()
    {
        IgvmFile tdx = SampleIgvm.Read(new IgvmBuilder().Platform(IgvmPlatformType.Tdx, 4).Page(0x1000, 4, SampleIgvm.PageOf(1)).Build());
        Assert.Empty(IgvmVariants.Find(tdx, default, 4));
    }

    [Fact]
    public void Traces_PartAtTheFirstStepThatDiffers()
    {
        IReadOnlyList<LaunchStep> spec = Steps(new IgvmLaunch());
        IReadOnlyList<LaunchStep> kvm = Steps(new IgvmLaunch { Profile = LaunchProfile.QemuKvm });
        LaunchDifference? difference = LaunchTrace.FirstDifference(spec, kvm);
        Assert.Equal((2, PageType.Vmsa, PageType.Normal), (difference!.Number, difference.Left!.Value.Type, difference.Right!.Value.Type));
        Assert.Null(LaunchTrace.FirstDifference(spec, spec));
        Assert.Equal(new LaunchDifference(3, spec[2], null), LaunchTrace.FirstDifference(spec, [.. spec.Take(2)]));
    }

    private static IReadOnlyList<LaunchStep> Steps(IgvmLaunch launch) =>
        IgvmMeasurer.TryMeasure(File, launch, out IgvmMeasurement? measured, out _, new IgvmMeasureOptions { KeepSteps = true }) ? measured.Measurement.Steps : [];

    private static IgvmFile WithFeatures(params byte[] features)
    {
        IgvmBuilder builder = SampleIgvm.Start().Page(0x10000, SampleIgvm.Snp, SampleIgvm.PageOf(1));
        for (int i = 0; i < features.Length; i++)
        {
            byte[] vmsa = SampleIgvm.Vmsa();
            vmsa[0x3B0] = features[i];
            builder.VpContext(SampleIgvm.VmsaGpa, SampleIgvm.Snp, vmsa, (ushort)i);
        }

        return SampleIgvm.Read(builder.Build());
    }

    private static Digest384 Digest(IgvmFile file, IgvmLaunch launch)
    {
        Assert.True(IgvmMeasurer.TryMeasure(file, launch, out IgvmMeasurement? measured, out IgvmMeasureFault fault), fault.ToString());
        return measured.Digest;
    }
}
