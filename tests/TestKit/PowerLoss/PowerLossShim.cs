using System.Diagnostics;

namespace Verifier.TestKit.PowerLoss;

/// <summary>The library of tests/Faults/powerloss.c, compiled once for a test run where there is a C compiler.</summary>
public static class PowerLossShim
{
    private static readonly Lazy<(string? File, string Told)> Built = new(Build);

    /// <summary>True when it could be compiled.</summary>
    public static bool IsPresent => Built.Value.File is not null;

    /// <summary>What a skipped test says.</summary>
    public static string SkipReason => $"SKIPPED, NOT PASSED: the C compiler cc is needed to compile tests/Faults/powerloss.c (Debian: apt-get install gcc libc6-dev). {Built.Value.Told}";

    internal static string File => Built.Value.File ?? throw new InvalidOperationException(SkipReason);

    private static (string? File, string Told) Build()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("verifier-powerloss-").FullName, "powerloss.so");
        ProcessStartInfo start = new("cc", ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", file, RepositoryRoot.Combine("tests", "Faults", "powerloss.c"), "-ldl", "-lpthread"])
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
