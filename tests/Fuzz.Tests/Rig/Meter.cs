using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Verifier.Fuzz.Tests.Rig;

/// <summary>
/// Time and memory that one input took, on the thread that tries it. The time is that of the clock, which is quick to ask for; when it matters it
/// is the thread's processor time, in which others on the machine have no part.
/// </summary>
internal sealed partial class Meter(bool isOnOneThread = true)
{
    private const int ThreadCpuTime = 3;

    private long _allocatedBefore;
    private TimeSpan _began;

    /// <summary>Whether processor time is taken, where all the work is on the thread.</summary>
    public bool IsPrecise { get; set; }

    public long Allocated { get; private set; }

    public TimeSpan Elapsed { get; private set; }

    /// <summary>Processor time of this thread so far.</summary>
    public static TimeSpan ThreadTime() =>
        OperatingSystem.IsLinux() && ClockGetTime(ThreadCpuTime, out Moment moment) == 0
            ? TimeSpan.FromSeconds(moment.Seconds) + TimeSpan.FromTicks(moment.Nanoseconds / TimeSpan.NanosecondsPerTick)
            : Stopwatch.GetElapsedTime(0);

    public void Begin()
    {
        (Allocated, Elapsed) = (0, TimeSpan.Zero);
        Resume();
    }

    public void Pause()
    {
        Elapsed += Now() - _began;
        Allocated += GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;
    }

    /// <summary>Does something that is not the product's: it counts for nothing.</summary>
    public T Aside<T>(Func<T> work)
    {
        Pause();
        try
        {
            return work();
        }
        finally
        {
            Resume();
        }
    }

    private void Resume() => (_allocatedBefore, _began) = (GC.GetAllocatedBytesForCurrentThread(), Now());

    private TimeSpan Now() => IsPrecise && isOnOneThread ? ThreadTime() : Stopwatch.GetElapsedTime(0);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int ClockGetTime(int clock, out Moment moment);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Moment
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
