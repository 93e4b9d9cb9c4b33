using System.Diagnostics;
using Verifier.TestKit;

namespace Verifier.Client.Tests;

/// <summary>The real process: exit codes reach the shell, results and errors their own streams.</summary>
public sealed class ProcessTests
{
    private static readonly string[] Evidence =
    [
        "verify", "--offline", "--report", Samples.Path("report.bin"), "--vcek", Samples.Path("vcek.der"), "--chain", Samples.Path("chain.pem"), "--any-measurement-unsafe",
    ];

    // The client's own output folder, in the configuration of this test: beside the test lie other frameworks' files.
    private static string Assembly { get; } =
        RepositoryRoot.Combine("src", "Client", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "verifierctl.dll");

    public static TheoryData<int, string[]> Runs => new()
    {
        { 0, [.. Evidence, "--unsafe-extra-root", Samples.Path("root.pem"), "--unsafe-skip-report-data"] },
        { 1, ["verify", "--offline"] },
        { 2, ["verify", "--offline", "--report", Samples.Path("root.pem")] },
        { 2, ["measure", "igvm", "--bare", Samples.Path("root.pem")] },
        { 3, [.. Evidence, "--unsafe-skip-report-data"] },
        { 4, [.. Evidence, "--unsafe-extra-root", Samples.Path("root.pem")] },
        { 5, ["show", "x", "--server", "http://127.0.0.1:1", "--timeout", "5"] },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task ExitCode_ReachesTheShell(int exitCode, string[] args)
    {
        ProcessStartInfo start = new("dotnet", [Assembly, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(exitCode, process.ExitCode);
        bool judged = exitCode is 0 or 3 or 4;
        Assert.Equal(judged, (await output).Length > 0);
        Assert.Equal(!judged, (await error).StartsWith("error: ", StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', await output);
    }
}
