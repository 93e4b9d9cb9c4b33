using System.Diagnostics;
using System.Globalization;
using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;

namespace SevSnp.Tests.Igvm.Fuzzing;

/// <summary>
/// Mutants of our own files go through reader, measurer, summary and writer. How long: the environment variable
/// VERIFIER_FUZZ_SECONDS; without it, just long enough to see that the machine runs. VERIFIER_FUZZ_SEED repeats one mutant.
/// </summary>
public sealed class IgvmFuzzTests
{
    private const int DefaultSeconds = 2;
    private const long AllocationLimit = 32 << 20;

    // Small limits make the limits themselves part of what is tested, and each mutant cheap.
    private static readonly IgvmLimits Limits = new() { MaxPages = 1024, MaxHeaders = 500, MaxCorimBytes = 4096 };

    private static readonly IgvmMeasureOptions OneCore = new() { MaxParallelism = 1 };

    [Fact]
    public void Mutants_AreReadMeasuredAndWrittenWithoutSurprise()
    {
        if (Number("VERIFIER_FUZZ_SEED") is { } only)
        {
            Try(only);
            return;
        }

        Stopwatch watch = Stopwatch.StartNew();
        int start = Number("VERIFIER_FUZZ_SECONDS") is null ? 1 : Environment.TickCount & 0x3FFF_FFFF;
        int budget = Number("VERIFIER_FUZZ_SECONDS") ?? DefaultSeconds;
        int tried = 0, read = 0, measured = 0;
        HashSet<IgvmFaultId> faults = [];
        while (watch.Elapsed.TotalSeconds < budget || tried < 2000)
        {
            Outcome outcome = Try(start + tried);
            tried++;
            read += outcome.Read ? 1 : 0;
            measured += outcome.Measured ? 1 : 0;
            faults.Add(outcome.Fault);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{tried} mutants from seed {start}: {read} read, {measured} measured, {faults.Count} kinds of fault");

        // A mutator that only makes rubbish tests nothing.
        Assert.True(read > tried / 20 && measured > tried / 50 && faults.Count > 25, $"{tried} mutants, {read} read, {measured} measured, {faults.Count} kinds of fault");
    }

    [Fact]
    public void Origins_AreWhatTheyAreCalled()
    {
        IgvmReadOptions options = new() { Limits = Limits, Strictness = IgvmStrictness.Strict };
        Assert.All(Seeds.Good, s => Assert.True(IgvmReader.TryRead(s, options, out _, out IgvmFault fault), fault.ToString()));
        Assert.All(Seeds.Bad, s => Assert.False(IgvmReader.TryRead(s, options, out _, out _)));
        Assert.True(Seeds.Bad.Count > 20);
    }

    private static Outcome Try(int seed)
    {
        IReadOnlyList<byte[]> origins = seed % 4 == 0 ? Seeds.Bad : Seeds.Good;
        byte[] origin = origins[seed / 4 % origins.Count];
        byte[] mutant = new IgvmMutator(seed).Mutate(origin);
        try
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Outcome outcome = Check(mutant);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationLimit);
            return outcome;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"VERIFIER_FUZZ_SEED={seed} repeats this mutant of {mutant.Length} bytes", e);
        }
    }

    private static Outcome Check(byte[] mutant)
    {
        IgvmReadOptions lenient = new() { Limits = Limits };
        bool isRead = IgvmReader.TryRead(mutant, lenient, out IgvmFile? file, out IgvmFault fault);
        bool isStrict = IgvmReader.TryRead(mutant, lenient with { Strictness = IgvmStrictness.Strict }, out _, out IgvmFault strict);
        if (!isRead)
        {
            Assert.InRange(fault.Offset, 0, mutant.Length);
            Assert.NotEmpty(fault.ToString());
            Assert.False(isStrict);
            return new Outcome(false, false, fault.Id);
        }

        // Strict is lenient without warnings, and nothing else.
        Assert.Equal(isStrict, file!.Warnings.Count == 0);
        Assert.All(file.Warnings, w => Assert.False(IgvmFaults.Refuses(w.Id, IgvmStrictness.Lenient)));
        Assert.All(file.Platforms, p => Assert.NotNull(IgvmSummary.Of(file, p)));
        bool measured = false;
        foreach (LaunchProfile profile in LaunchProfiles.All)
        {
            measured = IgvmMeasurer.TryMeasure(file, new IgvmLaunch { Profile = profile }, out IgvmMeasurement? measurement, out IgvmMeasureFault why, OneCore);
            Assert.Equal(measured, why.Id == IgvmMeasureFaultId.None);
            if (measured)
            {
                Assert.Equal(NaiveMeasurement.Of(file, profile), measurement!.Digest);
            }
        }

        IgvmMeasurer.TryMeasure(file, new IgvmLaunch { LikeIgvmmeasure = true, Vmsas = 3 }, out _, out _, OneCore);
        CheckWriter(file);
        return new Outcome(true, measured, strict.Id);
    }

    private static void CheckWriter(IgvmFile file)
    {
        uint mask = file.Platform(IgvmPlatformType.SevSnp)?.CompatibilityMask ?? 1;
        if (IgvmIdBlockWriter.TryAdd(file, SampleIgvm.IdBlock(mask), out IgvmFile? written, out IgvmWriteFaultId fault))
        {
            Assert.Equal(
                IgvmMeasurer.TryMeasure(file, new IgvmLaunch(), out IgvmMeasurement? one, out _, OneCore),
                IgvmMeasurer.TryMeasure(written, new IgvmLaunch(), out IgvmMeasurement? other, out _, OneCore));
            Assert.Equal(one?.Digest, other?.Digest);
            Assert.Equal(file.WarningCounts.Keys.Order(), written.WarningCounts.Keys.Order());
        }
        else
        {
            Assert.True(fault != IgvmWriteFaultId.ResultRefused || file.HeaderCount == Limits.MaxHeaders, fault.ToString());
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;

    private readonly record struct Outcome(bool Read, bool Measured, IgvmFaultId Fault);
}
