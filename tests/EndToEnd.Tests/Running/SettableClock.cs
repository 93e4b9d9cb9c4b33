namespace Verifier.EndToEnd.Tests.Running;

/// <summary>
/// A wall clock that a test sets, also backwards, and a monotonic one that <see cref="Pass"/> moves on together with it. Timers run as ever.
/// </summary>
internal sealed class SettableClock(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;
    private long _passed;

    public DateTimeOffset Now
    {
        get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _ticks, value.UtcTicks);
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _passed);

    /// <summary>Lets time pass.</summary>
    public void Pass(TimeSpan time)
    {
        Interlocked.Add(ref _ticks, time.Ticks);
        Interlocked.Add(ref _passed, (long)(time.TotalSeconds * TimestampFrequency));
    }
}
