using System.Globalization;

namespace Verifier.Client.Bench;

/// <summary>Processor time and memory of another process on this machine, from <c>/proc</c>, which Linux alone has.</summary>
internal sealed class ProcessMeter
{
    // What /proc counts in: USER_HZ is 100 on every Linux, whatever the kernel's own ticks are.
    private const int TicksPerSecond = 100;

    private readonly string _folder;

    private ProcessMeter(string folder) => _folder = folder;

    /// <exception cref="CommandFailure">This is no Linux, or there is no such process.</exception>
    public static ProcessMeter Of(uint pid)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw CommandFailure.Usage("--pid reads /proc, which only Linux has");
        }

        ProcessMeter meter = new(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}"));
        meter.Read();
        return meter;
    }

    /// <exception cref="CommandFailure">The process has ended.</exception>
    public ProcessFigures Read()
    {
        try
        {
            // Behind the name, which may hold anything: user and system time are the twelfth and thirteenth field.
            string stat = File.ReadAllText(Path.Combine(_folder, "stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            string? resident = File.ReadLines(Path.Combine(_folder, "status")).FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            long kibibytes = resident is null ? 0 : long.Parse(resident.AsSpan("VmRSS:".Length, resident.Length - "VmRSS:".Length - "kB".Length).Trim(), CultureInfo.InvariantCulture);
            return new ProcessFigures(TimeSpan.FromSeconds((double)ticks / TicksPerSecond), kibibytes * 1024);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage($"--pid: {_folder} cannot be read: is this the process id of a service on this machine?");
        }
    }
}

/// <summary>What a process has used.</summary>
/// <param name="Cpu">Processor time, user and system.</param>
/// <param name="ResidentBytes">Memory that it holds now.</param>
internal readonly record struct ProcessFigures(TimeSpan Cpu, long ResidentBytes);
