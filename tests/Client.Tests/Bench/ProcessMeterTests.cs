using Verifier.Client.Bench;

namespace Verifier.Client.Tests.Bench;

public sealed class ProcessMeterTests
{
    [Fact]
    public void OwnProcess_HasTheFiguresThatTheRuntimeTells()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SKIPPED, NOT PASSED: /proc is there on Linux only.");
        ProcessMeter meter = ProcessMeter.Of((uint)Environment.ProcessId);

        ProcessFigures before = meter.Read();
        TimeSpan told = Environment.CpuUsage.TotalTime;
        for (int i = 0; Environment.CpuUsage.TotalTime - told < TimeSpan.FromMilliseconds(200); i++)
        {
            Thread.SpinWait(1000);
        }

        ProcessFigures after = meter.Read();
        Assert.InRange((after.Cpu - before.Cpu).TotalMilliseconds, 170, 10_000);
        Assert.InRange(after.ResidentBytes, Environment.WorkingSet / 2, Environment.WorkingSet * 2);
    }

    [Fact]
    public void ProcessThatIsNotThere_IsAFaultOfTheCommandLine()
    {
        CommandFailure failure = Assert.Throws<CommandFailure>(() => ProcessMeter.Of(int.MaxValue));

        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.Contains("--pid", failure.Message, StringComparison.Ordinal);
    }
}
