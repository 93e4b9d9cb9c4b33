using System.Text.Json.Serialization;
using Verifier.Client.Bench;

namespace Verifier.Client.Views;

/// <summary>Latencies by what became of the calls; absent where there was none.</summary>
internal sealed record LatenciesView
{
    public LatencyView? Admitted { get; init; }

    /// <summary>Of those admitted, the calls about new chips.</summary>
    public LatencyView? Cold { get; init; }

    public LatencyView? Refused { get; init; }

    public LatencyView? Failed { get; init; }

    /// <summary>How much later than due calls of an open loop were sent; contained in all others.</summary>
    public LatencyView? SentLate { get; init; }

    public static LatenciesView Of(PhaseRecord record) => new()
    {
        Admitted = Some(record.Admitted),
        Cold = Some(record.Cold),
        Refused = Some(record.Refused),
        Failed = Some(record.Failed),
        SentLate = Some(record.SentLate),
    };

    private static LatencyView? Some(LatencyHistogram histogram) => histogram.Count > 0 ? LatencyView.Of(histogram) : null;
}

/// <summary>Milliseconds.</summary>
internal sealed record LatencyView(long Calls, double Mean, double P50, double P90, double P99, [property: JsonPropertyName("p99_9")] double P999, double Max)
{
    public static LatencyView Of(LatencyHistogram histogram)
    {
        double At(double share) => histogram.Percentile(share).TotalMilliseconds;
        return new(histogram.Count, histogram.Mean.TotalMilliseconds, At(0.5), At(0.9), At(0.99), At(0.999), histogram.Max.TotalMilliseconds);
    }
}

/// <summary>How many calls took more than the bar before and no more than this one.</summary>
internal sealed record BarView(double UpToMilliseconds, long Calls)
{
    // From 1/8 ms on, each twice as long; the first and the last that counted, and what lies between.
    public static IReadOnlyList<BarView> Of(LatencyHistogram histogram)
    {
        List<BarView> bars = [];
        TimeSpan from = TimeSpan.FromTicks(-1);
        for (TimeSpan to = TimeSpan.FromMicroseconds(125); from < histogram.Max; to *= 2)
        {
            // A bucket is told by its end, which may lie beyond: the last bar takes what is left.
            long calls = to >= histogram.Max ? histogram.Count - bars.Sum(b => b.Calls) : histogram.Between(from, to);
            bars.Add(new(to.TotalMilliseconds, calls));
            from = to;
        }

        return [.. bars.SkipWhile(b => b.Calls == 0)];
    }
}
