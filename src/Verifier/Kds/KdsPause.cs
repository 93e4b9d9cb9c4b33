namespace Verifier.Service.Kds;

/// <summary>
/// The pause that the key service demanded. It holds for every request, since AMD throttles by address. Measured on the monotonic
/// clock. One process knows only its own pause.
/// </summary>
internal sealed class KdsPause(TimeProvider clock)
{
    private static readonly TimeSpan Floor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(120);

    private readonly long _start = clock.GetTimestamp();
    private long _untilTicks;

    /// <summary>What is left of the pause; zero when there is none.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan left = TimeSpan.FromTicks(Interlocked.Read(ref _untilTicks)) - clock.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Begins or extends a pause: what was demanded, at least 10 s, at most 120 s.</summary>
    /// <returns>The length of the pause.</returns>
    public TimeSpan Begin(TimeSpan? demanded)
    {
        TimeSpan pause = TimeSpan.FromTicks(Math.Clamp((demanded ?? Floor).Ticks, Floor.Ticks, Cap.Ticks));
        long until = (clock.GetElapsedTime(_start) + pause).Ticks;
        long known;
        do
        {
            known = Interlocked.Read(ref _untilTicks);
        }
        while (until > known && Interlocked.CompareExchange(ref _untilTicks, until, known) != known);
        return pause;
    }
}
