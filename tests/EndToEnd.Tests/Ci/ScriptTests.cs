using System.Diagnostics;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Ci;

/// <summary>The scripts of ci/ are read by a checker for shell scripts, where there is one.</summary>
public sealed class ScriptTests
{
    [Fact]
    public async Task Scripts_AreFoundFaultless_AndAFaultIsFound()
    {
        string? checker = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(f => Path.Combine(f, "shellcheck")).FirstOrDefault(File.Exists);
        Assert.SkipUnless(checker is not null, "SKIPPED, NOT PASSED: there is no shellcheck on this machine.");
        string faulty = Path.GetTempFileName();
        await File.WriteAllTextAsync(faulty, "#!/bin/bash\nrm $1\n", TestContext.Current.CancellationToken);

        string[] scripts = Directory.GetFiles(RepositoryRoot.Combine("ci"), "*.sh");
        (int good, string said) = await CheckAsync(checker!, scripts);
        (int bad, _) = await CheckAsync(checker!, faulty);
        File.Delete(faulty);

        Assert.Equal(5, scripts.Length);
        Assert.True(good == 0, said);
        Assert.Equal(1, bad);
    }

    private static async Task<(int ExitCode, string Output)> CheckAsync(string checker, params string[] files)
    {
        using Process process = new() { StartInfo = new ProcessStartInfo(checker, ["--external-sources", .. files]) { RedirectStandardOutput = true, WorkingDirectory = RepositoryRoot.Path } };
        process.Start();
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}
