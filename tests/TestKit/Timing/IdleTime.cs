using System.Diagnostics;
using System.Globalization;

namespace Verifier.TestKit.Timing;

/// <summary>For how long the processors of this machine had nothing to do.</summary>
internal static class IdleTime
{
    private const string File = "/proc/stat";
    private const int Idle = 4, WaitingForDisks = 5;

    // In which Linux counts, whatever it ticks in (proc(5)).
    private const double PerSecond = 100;

    private static readonly bool IsTold = System.IO.File.Exists(File);

    /// <summary>Since some moment, the mean of all processors. Where it is not told all time counts as idle, so that no lateness is excused.</summary>
    public static TimeSpan Now
    {
        get
        {
            if (!IsTold)
            {
                return Stopwatch.GetElapsedTime(0);
            }

            string[] all = System.IO.File.ReadLines(File).First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            double ticks = double.Parse(all[Idle], CultureInfo.InvariantCulture) + double.Parse(all[WaitingForDisks], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds(ticks / PerSecond / Environment.ProcessorCount);
        }
    }
}
