using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.Tests.Igvm;
using Verifier.Fuzz.Tests.Rig;

namespace Verifier.Fuzz.Tests.Igvm;

/// <summary>T84: mutants of our own files go through reader, measurer, summary and writer.</summary>
public sealed class IgvmFuzzTests
{
    [Fact]
    [Trait("target", "igvm")]
    public void T84_Mutants_AreReadMeasuredAndWrittenWithoutSurprise()
    {
        FuzzFigures figures = FuzzDriver.Run(new IgvmTarget());

        // A mutator that only makes rubbish tests nothing.
        if (figures.Tried > 1000)
        {
            int measured = OfKind(figures, "measured "), read = measured + OfKind(figures, "read ");
            Assert.True(read > figures.Tried / 20 && measured > figures.Tried / 50, $"{figures.Tried} mutants, {read} read, {measured} measured");
        }
    }

    private static int OfKind(FuzzFigures figures, string kind) => figures.ByKind.Where(k => k.Key.StartsWith(kind, StringComparison.Ordinal)).Sum(k => k.Value);

    [Fact]
    public void Origins_AreWhatTheyAreCalled()
    {
        IgvmReadOptions options = new() { Limits = IgvmTarget.Limits, Strictness = IgvmStrictness.Strict };
        Assert.All(IgvmOrigins.Good, s => Assert.True(IgvmReader.TryRead(s, options, out _, out IgvmFault fault), fault.ToString()));
        Assert.All(IgvmOrigins.Bad, s => Assert.False(IgvmReader.TryRead(s, options, out _, out _)));
        Assert.True(IgvmOrigins.Bad.Count > 20);
    }
}

/// <summary>IGVM files.</summary>
internal sealed class IgvmTarget : FuzzTarget
{
    // Small limits make the limits themselves part of what is tested, and each mutant cheap.
    public static readonly IgvmLimits Limits = new() { MaxPages = 1024, MaxHeaders = 500, MaxCorimBytes = 4096 };

    private static readonly IgvmMeasureOptions OneCore = new() { MaxParallelism = 1 };

    public override string Name => "igvm";

    public override int FewestKinds => 25;

    public override int MostBytes => 256 << 10;

    public override IReadOnlyList<byte[]> Origins { get; } = [.. IgvmOrigins.Good, .. IgvmOrigins.Bad];

    public override byte[] Mutate(Random random, byte[] input) => new IgvmMutator(random).Mutate(input);

    public override string Try(byte[] input, Meter meter)
    {
        IgvmReadOptions lenient = new() { Limits = Limits };
        bool isRead = IgvmReader.TryRead(input, lenient, out IgvmFile? file, out IgvmFault fault);
        bool isStrict = false;
        IgvmFault strict = default;
        meter.Aside(() => isStrict = IgvmReader.TryRead(input, lenient with { Strictness = IgvmStrictness.Strict }, out _, out strict));
        if (!isRead)
        {
            Assert.InRange(fault.Offset, 0, input.Length);
            Assert.NotEmpty(fault.ToString());
            Assert.False(isStrict);
            return fault.Id.ToString();
        }

        // Pages are bounded by a counter, not by a clock.
        Assert.InRange(file!.Headers.Count(h => h.Type == IgvmHeaderType.PageData), 0, (int)Limits.MaxPages);

        // Strict is lenient without warnings, and nothing else.
        Assert.Equal(isStrict, file.Warnings.Count == 0);
        Assert.All(file.Warnings, w => Assert.False(IgvmFaults.Refuses(w.Id, IgvmStrictness.Lenient)));
        Assert.All(file.Platforms, p => Assert.NotNull(IgvmSummary.Of(file, p)));
        bool isMeasured = false;
        foreach (LaunchProfile profile in LaunchProfiles.All)
        {
            isMeasured = IgvmMeasurer.TryMeasure(file, new IgvmLaunch { Profile = profile }, out IgvmMeasurement? measurement, out IgvmMeasureFault why, OneCore);
            Assert.Equal(isMeasured, why.Id == IgvmMeasureFaultId.None);
            if (isMeasured)
            {
                Assert.Equal(meter.Aside(() => NaiveMeasurement.Of(file, profile)), measurement!.Digest);
            }
        }

        IgvmMeasurer.TryMeasure(file, new IgvmLaunch { LikeIgvmmeasure = true, Vmsas = 3 }, out _, out _, OneCore);
        meter.Aside(() => CheckWriter(file));
        return isMeasured ? $"measured {strict.Id}" : $"read {strict.Id}";
    }

    private static bool CheckWriter(IgvmFile file)
    {
        uint mask = file.Platform(IgvmPlatformType.SevSnp)?.CompatibilityMask ?? 1;
        bool isAdded = IgvmIdBlockWriter.TryAdd(file, SampleIgvm.IdBlock(mask), out IgvmFile? written, out IgvmWriteFaultId fault);
        if (isAdded)
        {
            Assert.Equal(
                IgvmMeasurer.TryMeasure(file, new IgvmLaunch(), out IgvmMeasurement? one, out _, OneCore),
                IgvmMeasurer.TryMeasure(written!, new IgvmLaunch(), out IgvmMeasurement? other, out _, OneCore));
            Assert.Equal(one?.Digest, other?.Digest);
            Assert.Equal(file.WarningCounts.Keys.Order(), written!.WarningCounts.Keys.Order());
        }
        else
        {
            Assert.True(fault != IgvmWriteFaultId.ResultRefused || file.HeaderCount == Limits.MaxHeaders, fault.ToString());
        }

        return isAdded;
    }
}
