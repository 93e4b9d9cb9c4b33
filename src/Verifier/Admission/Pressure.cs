namespace Verifier.Service.Admission;

/// <summary>
/// When those who are refused may come back: later the more of all calls are refused, and never all at the same time. Not safe for
/// several threads; whoever owns it holds a lock.
/// </summary>
internal sealed class Pressure(TimeProvider clock, Random random)
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(1);

    private long _begun = clock.GetTimestamp();
    private (int Admitted, int Refused) _before;
    private (int Admitted, int Refused) _now;

    /// <summary>The share of calls that were refused lately, 0 to 1.</summary>
    public double Share
    {
        get
        {
            int refused = _before.Refused + _now.Refused;
            return refused == 0 ? 0 : refused / (double)(refused + _before.Admitted + _now.Admitted);
        }
    }

    public void Admitted(long timestamp)
    {
        Turn(timestamp);
        _now.Admitted++;
    }

    /// <summary>Counts a refusal, and tells when to come back.</summary>
    public TimeSpan Refused(long timestamp)
    {
        Turn(timestamp);
        _now.Refused++;

        // A half less to a half more, so that callers which were refused together do not come back together.
        TimeSpan delay = (Least * 1.5) + ((Most - (Least * 1.5)) * Share);
        TimeSpan spread = delay * (0.5 + random.NextDouble());
        return spread < Least ? Least : spread > Most ? Most : spread;
    }

    private void Turn(long timestamp)
    {
        TimeSpan passed = clock.GetElapsedTime(_begun, timestamp);
        if (passed >= Span)
        {
            _before = passed < 2 * Span ? _now : default;
            _now = default;
            _begun = timestamp;
        }
    }
}
