using System.Diagnostics;
using System.Text.RegularExpressions;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Bench;

/// <summary>The main part of <c>perf/run.sh</c>, as short as it can be. Its figures say nothing here; that there are such does.</summary>
public sealed partial class PerfTrialTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-perf-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Table_HasEachRow_WithItsRatio()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SKIPPED, NOT PASSED: processor time of another process is read from /proc, which only Linux has.");
        string figures = Path.Combine(_folder, "figures"), igvm = Path.Combine(_folder, "igvm");
        await File.WriteAllLinesAsync(
            figures,
            ["JudgeReport.PlatformP384Verification\t400000\t0", "JudgeReport.Parse\t2000\t1024", "Another.Base\t10\t0", "Another.Thing\t30\t0"],
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(igvm, "file   1 bytes\nmeasure igvm     200 ms (median)\nopenssl sha384   400 ms (median)\n", TestContext.Current.CancellationToken);

        string[] rows = [.. (await RunAsync(
            "table", "--short", "--markdown", "--service", CommandLineTool.BuiltFile("Verifier", "Verifier.Service.dll"), "--client", CommandLineTool.Path, "--figures", figures, "--igvm", igvm))
            .Split('\n').Where(l => l.StartsWith('|'))];

        Assert.StartsWith("| What | Figure | Baseline | Ratio | Wanted |", rows[0], StringComparison.Ordinal);
        Assert.Equal("| parse a report | 2 us | P-384 verification by .NET's library: 400 us | 0.0050 |  | 1 KiB allocated |", rows[^3]);
        Assert.StartsWith("| Another.Thing | 30 ns | Another.Base: 10 ns | 3.000 |", rows[^2], StringComparison.Ordinal);
        Assert.StartsWith("| verifierctl measure igvm, the whole process | 200 ms | openssl dgst -sha384 of the same file: 400 ms | 0.500 | at most 0.90 |", rows[^1], StringComparison.Ordinal);
        string[] ofService = rows[2..^3];
        Assert.Equal(7, ofService.Length);
        Assert.All(ofService, r => Assert.Matches(Figure(), r));
    }

    // Whoever runs the script with a word that it does not know is told, and nothing is measured.
    [Fact]
    public async Task UnknownTrial_IsAFault()
    {
        InvalidOperationException fault = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync("tables"));

        Assert.Contains("registry, table or saturation", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string program = RepositoryRoot.Combine("perf", "Trials", "bin", configuration, "net10.0", "Trials.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException(await output + await error);
    }

    // Without openssl there is no ratio to it.
    [GeneratedRegex(@"^\| [^|]+ \| [\d.]+ (us|ms) \| [^|]+ \| ([\d.]+)? \|")]
    private static partial Regex Figure();
}
