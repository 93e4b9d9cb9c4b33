using System.Diagnostics;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Running;

/// <summary>Runs <c>verifierctl</c> as a script does: as a process of its own, from where it was built.</summary>
internal static class CommandLineTool
{
    private const int Unavailable = 5;
    private const int MostTries = 10;
    private const string Stall = "the registry cannot be asked now";

    public static string Path => BuiltFile("Client", "verifierctl.dll");

    /// <summary>A file of a program's own output folder, of the configuration that these tests were built in.</summary>
    public static string BuiltFile(string project, string file)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return RepositoryRoot.Combine("src", project, "bin", configuration, "net10.0", file);
    }

    /// <summary>Runs it; a question is asked again where a machine that stood still kept the verdict back, as by any client.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params IEnumerable<string> arguments)
    {
        string[] all = [.. arguments];
        bool mayAskAgain = all[0] == "verify" && !all.Contains("--challenge");
        for (int tried = 0; ; tried++)
        {
            (int ExitCode, string Output, string Error) run = await RunOnceAsync(all);
            if (run.ExitCode != Unavailable || !mayAskAgain || !run.Error.Contains(Stall, StringComparison.Ordinal) || tried == MostTries)
            {
                return run;
            }
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunOnceAsync(string[] arguments)
    {
        using Process process = new();
        process.StartInfo = new ProcessStartInfo("dotnet", [Path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process.Start();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
