namespace Verifier.Service.Kds;

/// <summary>
/// How long to pause when the key service throttles: what it demands, at least one spacing (10 s when there is none), at most 120 s.
/// When it demands nothing, the pause doubles with every sixteenth refusal in a row: one that refuses most of the time is asked on
/// at the allowed rate, one that refuses always is left in peace.
/// </summary>
internal sealed class KdsBackoff(TimeSpan spacing)
{
    private const int RefusalsBeforeDoubling = 16;
    private const int MostDoublings = 8;

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    private readonly TimeSpan _least = spacing > TimeSpan.Zero ? spacing : Usual;
    private int _refusals;

    public TimeSpan AfterRefusal(TimeSpan? demanded)
    {
        int doublings = Math.Min(MostDoublings, (Interlocked.Increment(ref _refusals) - 1) / RefusalsBeforeDoubling);
        TimeSpan pause = demanded ?? _least * (1 << doublings);
        return TimeSpan.FromTicks(Math.Clamp(pause.Ticks, _least.Ticks, Math.Max(_least.Ticks, Longest.Ticks)));
    }

    public void AfterAnswer() => Interlocked.Exchange(ref _refusals, 0);
}
