namespace Verifier.Service.Kds;

/// <summary>
/// The pause that the key service demanded. It holds for every request, since AMD throttles by address. Measured on the monotonic
/// clock; this process's own part of it.
/// </summary>
internal sealed class KdsPause(TimeProvider clock)
{
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

    /// <summary>Begins or extends a pause; never shortens one.</summary>
    public void Extend(TimeSpan pause)
    {
        long until = (clock.GetElapsedTime(_start) + pause).Ticks;
        long known;
        do
        {
            known = Interlocked.Read(ref _untilTicks);
        }
        while (until > known && Interlocked.CompareExchange(ref _untilTicks, until, known) != known);
    }
}
