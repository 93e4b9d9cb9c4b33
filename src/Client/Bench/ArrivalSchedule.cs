namespace Verifier.Client.Bench;

/// <summary>
/// When the calls of an open loop are due, counted from its start. It is made before any call is, so that a service that is slow changes nothing
/// about it.
/// </summary>
internal sealed class ArrivalSchedule
{
    private readonly double _rate;
    private readonly Random? _random;
    private double _last;
    private long _count;

    private ArrivalSchedule(double rate, Random? random) => (_rate, _random) = (rate, random);

    /// <summary>As many calls each second, equally far apart.</summary>
    public static ArrivalSchedule Fixed(double rate) => new(rate, null);

    /// <summary>As many calls each second on average, independent of each other: as of many callers that know nothing of one another.</summary>
    /// <param name="rate">Calls each second.</param>
    /// <param name="seed">The same seed gives the same times.</param>
    public static ArrivalSchedule Poisson(double rate, int seed) => new(rate, new Random(seed));

    /// <summary>When the next call is due.</summary>
    public TimeSpan Next()
    {
        // Not by adding up: a thousand times a third of a millisecond shall be a third of a second.
        _last = _random is null ? _count++ / _rate : _last - (Math.Log(1 - _random.NextDouble()) / _rate);
        return TimeSpan.FromSeconds(_last);
    }
}
