using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit.Preload;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>A wall clock that is off by what a test says, and can be made to jump; the monotonic one stays as it is.</summary>
internal sealed class FakeClock
{
    private readonly string _file;

    public FakeClock(string folder, TimeSpan off)
    {
        _file = Path.Combine(folder, $"clock-{Guid.NewGuid():N}");
        Set(off);
    }

    public Surroundings Surroundings => new()
    {
        Environment = new Dictionary<string, string> { ["LD_PRELOAD"] = Shim.Clock.File, ["CLOCK_OFFSET"] = _file },
    };

    /// <summary>Written in place: the process has the file mapped.</summary>
    public void Set(TimeSpan off)
    {
        using FileStream file = new(_file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.Write(BitConverter.GetBytes((long)off.TotalSeconds));
    }
}
