using System.Diagnostics;

namespace Verifier.TestKit.Preload;

/// <summary>A library of tests/Faults that is preloaded into a program, compiled once for a run of tests where there is a C compiler.</summary>
public sealed class Shim
{
    private readonly Lazy<(string? File, string Told)> _built;

    private Shim(string name) => _built = new(() => Build(name));

    /// <summary>powerloss.c: what a loss of power leaves of files.</summary>
    public static Shim PowerLoss { get; } = new("powerloss");

    /// <summary>clock.c: another wall clock.</summary>
    public static Shim Clock { get; } = new("clock");

    /// <summary>True when it could be compiled.</summary>
    public bool IsPresent => _built.Value.File is not null;

    /// <summary>What a skipped test says.</summary>
    public string SkipReason => $"SKIPPED, NOT PASSED: the C compiler cc is needed for tests/Faults (Debian: apt-get install gcc libc6-dev). {_built.Value.Told}";

    /// <summary>The library.</summary>
    public string File => _built.Value.File ?? throw new InvalidOperationException(SkipReason);

    private static (string? File, string Told) Build(string name)
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("verifier-shim-").FullName, $"{name}.so");
        ProcessStartInfo start = new("cc", ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", file, RepositoryRoot.Combine("tests", "Faults", $"{name}.c"), "-ldl", "-lpthread"])
        {
            RedirectStandardError = true,
        };
        try
        {
            using Process compiler = Process.Start(start)!;
            string told = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            return (compiler.ExitCode == 0 ? file : null, told);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (null, e.Message);
        }
    }
}
