using System.Diagnostics;
using SevSnp.Igvm;
using SevSnp.Measurement;

namespace SevSnp.Tests.Igvm;

/// <summary>Files that ask for far more than they are worth are refused cheaply. Cost is counted; time is told in the output and not judged, since machines differ.</summary>
public sealed class BombTests
{
    private const long Budget = 16 << 20;

    public static IEnumerable<TheoryDataRow<string>> Names => Bombs.All.Select(b => new TheoryDataRow<string>(b.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void T81_Bomb_IsRefusedWithinTheBudget(string name)
    {
        Bomb bomb = Bombs.All.Single(b => b.Name == name);
        byte[] file = bomb.Make();
        CountingBytes bytes = new(file);
        IgvmReadOptions options = new() { Strictness = bomb.Strictness };
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        bool read = IgvmReader.TryRead(bytes, options, out _, out IgvmFault fault);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: refused after {took.TotalMilliseconds:F1} ms, {allocated >> 10} KiB");
        Assert.False(read);
        Assert.Equal(bomb.Expected, fault.Id);
        Assert.InRange(allocated, 0, Budget);

        // The headers twice, for checksum and rules, and at most the data that the limits allow for VP contexts.
        Assert.InRange(bytes.Handed, 0, (2L * file.Length) + (4096L * 64 * 1024));
        Assert.False(IgvmReader.TryRead(file, options with { Limits = IgvmLimits.Service }, out _, out IgvmFault service));
        Assert.True(service.Id == bomb.Expected || service.Severity == IgvmSeverity.Limit, service.ToString());
    }

    [Fact]
    public void Corpus_IsLargeAndNamesAreUnique()
    {
        Assert.True(Bombs.All.Count >= 40);
        Assert.Equal(Bombs.All.Count, Bombs.All.Select(b => b.Name).Distinct().Count());
    }

    [Fact]
    public void T81_WorstFileWithinTheServiceLimits_IsMeasuredWithLittleMemory()
    {
        // One parameter area of 1 GiB: a quarter of a million pages from one header.
        byte[] file = SampleIgvm.Start().ParameterArea(0, 1UL << 30).Insert(0, SampleIgvm.Snp, 0).Data(SampleIgvm.PageOf(1)).Build();
        Assert.True(IgvmReader.TryRead(file, new IgvmReadOptions { Limits = IgvmLimits.Service }, out IgvmFile? read, out _));
        IgvmMeasureOptions onThisThread = new() { MaxParallelism = 1 };
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(IgvmMeasurer.TryMeasure(read, new IgvmLaunch(), out IgvmMeasurement? measured, out _, onThisThread));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, Budget);
        Assert.Equal(1 << 18, measured.Measurement.PageCount);
    }

    private sealed class CountingBytes(byte[] bytes) : IgvmBytes
    {
        public long Handed { get; private set; }

        public override long Length => bytes.Length;

        public override ReadOnlySpan<byte> Slice(long offset, int length)
        {
            Check(offset, length, bytes.Length);
            Handed += length;
            return bytes.AsSpan((int)offset, length);
        }
    }
}
