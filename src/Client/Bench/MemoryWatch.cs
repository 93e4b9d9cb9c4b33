namespace Verifier.Client.Bench;

/// <summary>Looks at the memory of a process four times a second, for as long as it lives.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private readonly ITimer _timer;
    private long _most;

    public MemoryWatch(ProcessMeter process, TimeProvider clock)
    {
        _timer = clock.CreateTimer(_ => Look(process), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
    }

    /// <summary>The most that it held.</summary>
    public long MostBytes => Interlocked.Read(ref _most);

    public void Dispose() => _timer.Dispose();

    private void Look(ProcessMeter process)
    {
        try
        {
            long now = process.Read().ResidentBytes;
            for (long seen = MostBytes; now > seen;)
            {
                seen = Interlocked.CompareExchange(ref _most, now, seen) is var before && before == seen ? now : before;
            }
        }
        catch (CommandFailure)
        {
            // The process has ended; whoever reads it next says so.
        }
    }
}
