namespace Verifier.Client.Bench;

/// <summary>Makes calls, and measures them.</summary>
/// <param name="clock">The time.</param>
/// <param name="call">Makes the call of a number; numbers count up from 0 over the life of this object. It never throws but when cancelled.</param>
internal sealed class LoadGenerator(TimeProvider clock, Func<long, CancellationToken, Task<CallResult>> call)
{
    private long _made;

    /// <summary>
    /// A number of callers, each of which makes its next call when the one before was answered. Shows what a service can do; it does not show how
    /// long callers would have waited who come whatever the service does.
    /// </summary>
    public async Task<PhaseRecord> ClosedAsync(int callers, TimeSpan duration, CancellationToken cancellation)
    {
        PhaseRecord record = new(duration);
        long start = clock.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(CallerAsync, cancellation)));
        return record;

        async Task CallerAsync()
        {
            while (clock.GetElapsedTime(start) is var sent && sent < duration)
            {
                CallResult result = await call(Interlocked.Increment(ref _made) - 1, cancellation);
                TimeSpan ended = clock.GetElapsedTime(start);
                record.Add(result, ended - sent, ended);
            }
        }
    }

    /// <summary>
    /// Calls at the times of a schedule, whether or not those before were answered. A call's latency counts from when it was due: one that is sent
    /// late, because the service or this program fell behind, was waited for since then.
    /// </summary>
    /// <param name="schedule">When calls are due.</param>
    /// <param name="duration">How long.</param>
    /// <param name="mostOpen">No more calls than these wait for answers at once; the next ones are late.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<PhaseRecord> OpenAsync(ArrivalSchedule schedule, TimeSpan duration, int mostOpen, CancellationToken cancellation)
    {
        PhaseRecord record = new(duration);
        SemaphoreSlim room = new(mostOpen);
        long start = clock.GetTimestamp();

        // A thread of its own: on the pool it would wait behind the very answers that it is to measure.
        await Task.Factory.StartNew(Send, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (int i = 0; i < mostOpen; i++)
        {
            await room.WaitAsync(cancellation);
        }

        return record;

        void Send()
        {
            for (TimeSpan due = schedule.Next(); due < duration; due = schedule.Next())
            {
                while (due - clock.GetElapsedTime(start) is { Ticks: > 0 } early)
                {
                    // A thread sleeps for whole milliseconds; by how much that makes calls late is part of the record.
                    Thread.Sleep(Math.Max(1, (int)early.TotalMilliseconds));
                    cancellation.ThrowIfCancellationRequested();
                }

                room.Wait(cancellation);
                record.SentLate.Add(clock.GetElapsedTime(start) - due);
                _ = OneAsync(due);
            }
        }

        async Task OneAsync(TimeSpan due)
        {
            try
            {
                CallResult result = await call(Interlocked.Increment(ref _made) - 1, cancellation);
                TimeSpan ended = clock.GetElapsedTime(start);
                record.Add(result, ended - due, ended);
            }
            catch (OperationCanceledException)
            {
                // The run ends; nobody looks at the record.
            }
            finally
            {
                room.Release();
            }
        }
    }
}
