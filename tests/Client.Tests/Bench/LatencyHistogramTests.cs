using Verifier.Client.Bench;

namespace Verifier.Client.Tests.Bench;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_AreThoseOfTheSortedList_ToWithinA64th()
    {
        Random random = new(7);
        LatencyHistogram histogram = new();
        long[] all = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(random.NextDouble() * 16))];
        foreach (long microseconds in all)
        {
            histogram.Add(TimeSpan.FromMicroseconds(microseconds));
        }

        Array.Sort(all);
        foreach (double share in new[] { 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1 })
        {
            long exact = all[(int)Math.Ceiling(share * all.Length) - 1];
            Assert.InRange(histogram.Percentile(share).TotalMicroseconds, exact, (exact * (1 + (1 / 64.0))) + 1);
        }

        Assert.Equal(all[^1], histogram.Max.TotalMicroseconds);
        Assert.Equal(all.Average(), histogram.Mean.TotalMicroseconds, all.Average() / 1000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    public void ShortDurations_AreTold_ToTheMicrosecond(int microseconds)
    {
        LatencyHistogram histogram = new();
        histogram.Add(TimeSpan.FromMicroseconds(microseconds));
        histogram.Add(TimeSpan.FromSeconds(1));

        Assert.Equal(microseconds, histogram.Percentile(0.5).TotalMicroseconds);
    }

    [Fact]
    public void OddDurations_StayWithinTheBuckets()
    {
        LatencyHistogram histogram = new();
        histogram.Add(TimeSpan.FromSeconds(-1));
        histogram.Add(TimeSpan.MaxValue);

        Assert.Equal((2, TimeSpan.Zero), (histogram.Count, histogram.Percentile(0.5)));
        Assert.Equal((1L << 33) - 1, histogram.Percentile(1).TotalMicroseconds);
    }

    [Fact]
    public void NoDuration_HasNoPercentile()
    {
        LatencyHistogram histogram = new();

        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), (histogram.Percentile(0.99), histogram.Max, histogram.Mean));
    }

    [Fact]
    public async Task ManyThreads_LoseNothing()
    {
        LatencyHistogram histogram = new();
        await Task.WhenAll(Enumerable.Range(1, 8).Select(t => Task.Run(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                histogram.Add(TimeSpan.FromMicroseconds(i * t));
            }
        })));

        Assert.Equal((80_000, 79_992), (histogram.Count, histogram.Max.TotalMicroseconds));
        Assert.Equal(80_000, histogram.Between(TimeSpan.FromTicks(-1), TimeSpan.FromSeconds(1)));
    }
}
