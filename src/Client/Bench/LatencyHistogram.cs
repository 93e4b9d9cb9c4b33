using System.Numerics;

namespace Verifier.Client.Bench;

/// <summary>
/// Counts durations in buckets that are linear within each power of two of microseconds, so that every figure is told to within 1/64 of itself,
/// however long it is. The largest is kept exactly. May be added to by many threads at once; what it needs never grows.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int SubBuckets = 1 << SubBits;
    private const long LongestMicroseconds = (1L << 33) - 1;

    private readonly long[] _buckets = new long[Index(LongestMicroseconds) + 1];
    private long _count;
    private long _sum;
    private long _max;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>The largest duration, exactly.</summary>
    public TimeSpan Max => FromMicroseconds(Interlocked.Read(ref _max));

    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : FromMicroseconds(Interlocked.Read(ref _sum) / (double)Count);

    /// <summary>Adds a duration; one below zero counts as none.</summary>
    public void Add(TimeSpan duration)
    {
        long microseconds = Math.Clamp(duration.Ticks / TimeSpan.TicksPerMicrosecond, 0, LongestMicroseconds);
        Interlocked.Increment(ref _buckets[Index(microseconds)]);
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _sum, microseconds);
        for (long seen = Interlocked.Read(ref _max); microseconds > seen;)
        {
            long before = Interlocked.CompareExchange(ref _max, microseconds, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    /// <summary>The smallest duration that this share of all does not exceed, rounded up to the end of its bucket; zero when there is none.</summary>
    /// <param name="share">0 to 1.</param>
    public TimeSpan Percentile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int i = 0; i < _buckets.Length; i++)
        {
            seen += Interlocked.Read(ref _buckets[i]);
            if (seen >= rank)
            {
                return FromMicroseconds(Math.Min(Last(i), Interlocked.Read(ref _max)));
            }
        }

        return Max;
    }

    /// <summary>How many durations lie in (from, to], to within a bucket.</summary>
    public long Between(TimeSpan from, TimeSpan to)
    {
        long low = from < TimeSpan.Zero ? -1 : from.Ticks / TimeSpan.TicksPerMicrosecond, high = to.Ticks / TimeSpan.TicksPerMicrosecond;
        long count = 0;
        for (int i = 0; i < _buckets.Length && Last(i) <= high; i++)
        {
            count += Last(i) > low ? Interlocked.Read(ref _buckets[i]) : 0;
        }

        return count;
    }

    // Below 64 us each microsecond has a bucket; above, the six bits behind the highest one tell it.
    private static int Index(long microseconds)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)microseconds | 1) - SubBits);
        return (shift * SubBuckets) + (int)(microseconds >> shift);
    }

    // The largest number of microseconds that has this index.
    private static long Last(int index)
    {
        int shift = Math.Max(0, (index / SubBuckets) - 1);
        return ((long)(index - (shift * SubBuckets) + 1) << shift) - 1;
    }

    private static TimeSpan FromMicroseconds(double microseconds) => TimeSpan.FromTicks((long)(microseconds * TimeSpan.TicksPerMicrosecond));
}
