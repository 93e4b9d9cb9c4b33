using System.Numerics;

namespace Verifier.Service.Admission;

/// <summary>
/// How long calls of a lane take: the time in their place, as a moving mean, and the whole time without waits for places and for AMD's key
/// service, as its ninth decile of the last 5 to 10 seconds. Old measurements are forgotten, so that a slow spell refuses nobody for ever.
/// Not safe for several threads; whoever owns it holds a lock.
/// </summary>
internal sealed class ServiceTimes(TimeProvider clock)
{
    /// <summary>Fewer tell nothing.</summary>
    public const int LeastCalls = 32;

    private const double Weight = 0.05;

    // One call that was held up, as the first of a fresh process are, says little of those after it; eight in a row raise the mean tenfold.
    private const int MostAtOnce = 8;
    private const int StepsPerOctave = 4;
    private const int Buckets = 27 * StepsPerOctave;
    private const int CallsBetween = 64;

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestMean = TimeSpan.FromMicroseconds(20);

    // Until something was measured: about what a verification takes.
    private TimeSpan _mean = TimeSpan.FromMilliseconds(1);
    private long _begun = clock.GetTimestamp();
    private int[] _before = new int[Buckets];
    private int[] _now = new int[Buckets];
    private int _sinceDecile;
    private int _seen;
    private TimeSpan _decile;

    /// <summary>Whether enough calls were seen to go by.</summary>
    public bool IsKnown => _seen >= LeastCalls;

    /// <summary>Mean time in a place.</summary>
    public TimeSpan MeanInPlace => _mean < ShortestMean ? ShortestMean : _mean;

    /// <summary>Within this, nine of ten calls end; nothing while too few were seen lately.</summary>
    public TimeSpan NinthDecile(long timestamp)
    {
        Turn(timestamp);
        return _decile;
    }

    public void Add(TimeSpan inPlace, TimeSpan whole, long timestamp)
    {
        Turn(timestamp);
        _seen = Math.Min(LeastCalls, _seen + 1);
        TimeSpan most = MeanInPlace * MostAtOnce;
        _mean += ((inPlace < most ? inPlace : most) - _mean) * Weight;
        _now[Bucket(whole)]++;
        if (++_sinceDecile >= CallsBetween || _decile == TimeSpan.Zero)
        {
            FindDecile();
        }
    }

    private void Turn(long timestamp)
    {
        TimeSpan passed = clock.GetElapsedTime(_begun, timestamp);
        if (passed < Span)
        {
            return;
        }

        (_before, _now) = (_now, _before);
        Array.Clear(_now);
        if (passed >= 2 * Span)
        {
            Array.Clear(_before);
        }

        _begun = timestamp;
        FindDecile();
    }

    private void FindDecile()
    {
        _sinceDecile = 0;
        long all = 0;
        for (int i = 0; i < Buckets; i++)
        {
            all += _before[i] + _now[i];
        }

        _decile = TimeSpan.Zero;
        long above = all;
        for (int i = 0; i < Buckets && all >= LeastCalls; i++)
        {
            above -= _before[i] + _now[i];
            if (above * 10 <= all)
            {
                _decile = UpperEnd(i);
                return;
            }
        }
    }

    // Four steps in each doubling of microseconds.
    private static int Bucket(TimeSpan time)
    {
        ulong micros = Math.Clamp((ulong)Math.Max(0, time.Ticks / TimeSpan.TicksPerMicrosecond), 1, uint.MaxValue / 32);
        int octave = BitOperations.Log2(micros);
        int step = (int)((micros << 2 >> octave) & 3);
        return Math.Min(Buckets - 1, (octave * StepsPerOctave) + step);
    }

    private static TimeSpan UpperEnd(int bucket) =>
        TimeSpan.FromMicroseconds(Math.Pow(2, bucket / StepsPerOctave) * (1 + (((bucket % StepsPerOctave) + 1) / (double)StepsPerOctave)));
}
