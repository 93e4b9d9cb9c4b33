using System.Diagnostics;

namespace Verifier.TestKit.Timing;

/// <summary>
/// A stopwatch for what must be over soon, on a machine that may be busy: it does not count the time for which the machine kept this process waiting.
/// One that does nothing but sleep tells how long that was, by how late it wakes up: as a thread of its own, and as work of the thread pool. While
/// processors were idle nobody was kept waiting by the machine: threads of the pool that are blocked are this process's own affair, and count.
/// </summary>
public sealed class FairWatch
{
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(10);

    // What a machine that has nothing else to do may be late.
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(5);

    private static readonly Sleeper OfThread = new();
    private static readonly Sleeper OfPool = new();

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly long _lateThread = OfThread.Late;
    private readonly long _latePool = OfPool.Late;

    static FairWatch()
    {
        new Thread(SleepAsThread) { IsBackground = true, Name = nameof(FairWatch) }.Start();
        _ = Task.Run(SleepInPoolAsync);
    }

    private FairWatch()
    {
    }

    /// <summary>Begins to count.</summary>
    /// <returns>The watch.</returns>
    public static FairWatch StartNew() => new();

    /// <summary>What has passed until this was called, without the time for which the machine did not let this process run.</summary>
    /// <returns>The time, once it is known how late the sleepers were.</returns>
    public async Task<TimeSpan> ElapsedAsync()
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
        (long thread, long pool) = (OfThread.Times, OfPool.Times);
        while (OfThread.Times < thread + 2 || OfPool.Times < pool + 2)
        {
            await Task.Delay(Nap);
        }

        TimeSpan late = TimeSpan.FromTicks(Math.Max(OfThread.Late - _lateThread, OfPool.Late - _latePool));
        return late < elapsed ? elapsed - late : TimeSpan.Zero;
    }

    /// <summary>How much of a nap of 10 ms is the machine's fault.</summary>
    /// <param name="after">After which time it ended.</param>
    /// <param name="idle">How long the processors had nothing to do meanwhile.</param>
    /// <returns>Nothing, or the part of being late in which they were busy.</returns>
    public static TimeSpan Excused(TimeSpan after, TimeSpan idle)
    {
        TimeSpan late = after - Nap - Usual, own = idle > Nap ? idle - Nap : TimeSpan.Zero;
        return late > own ? late - own : TimeSpan.Zero;
    }

    private static void SleepAsThread()
    {
        while (true)
        {
            long begun = Stopwatch.GetTimestamp();
            TimeSpan idle = IdleTime.Now;
            Thread.Sleep(Nap);
            OfThread.Woke(Stopwatch.GetElapsedTime(begun), IdleTime.Now - idle);
        }
    }

    private static async Task SleepInPoolAsync()
    {
        while (true)
        {
            long begun = Stopwatch.GetTimestamp();
            TimeSpan idle = IdleTime.Now;
            await Task.Delay(Nap);
            OfPool.Woke(Stopwatch.GetElapsedTime(begun), IdleTime.Now - idle);
        }
    }

    private sealed class Sleeper
    {
        private long _late;
        private long _times;

        /// <summary>In ticks of <see cref="TimeSpan"/>, all times together.</summary>
        public long Late => Interlocked.Read(ref _late);

        public long Times => Interlocked.Read(ref _times);

        public void Woke(TimeSpan after, TimeSpan idle)
        {
            Interlocked.Add(ref _late, Excused(after, idle).Ticks);
            Interlocked.Increment(ref _times);
        }
    }
}
