namespace Verifier.Service.Documents;

/// <summary>When something began.</summary>
/// <param name="Order">Greater than that of all that began before: a clock has no two moments between two of its ticks.</param>
/// <param name="At">A timestamp of the clock, taken afterwards.</param>
internal readonly record struct Moment(long Order, long At);

/// <summary>
/// Which readings of the store serve which calls. One that began after a call has seen all that was acknowledged before it. One that began a little before
/// has as well, since every change is kept from being acknowledged until such readings serve nobody any more. So calls that come in crowds need one
/// reading together, and what holds for a call is the same as if it had read for itself.
/// </summary>
/// <param name="age">How long before a call a reading may have begun that serves it.</param>
/// <param name="clock">Measures that.</param>
internal sealed class Moments(TimeSpan age, TimeProvider clock)
{
    /// <summary>
    /// What the service allows: far below the time that a verdict may take, and longer than a reading takes. Instances of the next version share a store with
    /// those of this one, which wait twice this before they acknowledge: to let readings serve for longer, a version must come first that waits for longer.
    /// </summary>
    public static readonly TimeSpan LongestAge = TimeSpan.FromMilliseconds(5);

    private readonly long _age = (long)(age.TotalSeconds * clock.TimestampFrequency);
    private long _last;

    /// <summary>How long before a call a reading may have begun that serves it.</summary>
    public TimeSpan Age => age;

    /// <summary>The moment of a call, or of a reading.</summary>
    public Moment Now() => new(Interlocked.Increment(ref _last), clock.GetTimestamp());

    /// <summary>The moment of a call that no reading serves which has begun already.</summary>
    public Moment Anew() => Now() with { At = long.MaxValue };

    /// <summary>Whether a reading serves a call.</summary>
    /// <param name="reading">When it began.</param>
    /// <param name="call">When the call did.</param>
    public bool Serves(Moment reading, Moment call) => reading.Order > call.Order || reading.At > call.At - _age;

    /// <summary>Ends when no reading that began before this was called serves a call that comes afterwards. Waited for before a change is acknowledged.</summary>
    public async Task OutliveReadingsAsync()
    {
        // Other instances measure their readings' age by clocks of their own: twice the time, so that none need go exactly as fast as this one.
        TimeSpan whole = 2 * age;
        long start = clock.GetTimestamp();
        while (whole - clock.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
        {
            // A timer may be early, by its own ticks.
            await Task.Delay(left + TimeSpan.FromMilliseconds(1), clock, CancellationToken.None);
        }
    }
}
