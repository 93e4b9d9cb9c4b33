using System.Diagnostics;

namespace Verifier.EndToEnd.Tests.Running;

/// <summary>Runs <c>verifierctl</c> as a script does: as a process of its own.</summary>
internal static class CommandLineTool
{
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params IEnumerable<string> arguments)
    {
        using Process process = new();
        process.StartInfo = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "verifierctl.dll"), .. arguments])
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
