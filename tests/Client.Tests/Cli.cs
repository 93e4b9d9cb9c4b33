using System.Text.Json;

namespace Verifier.Client.Tests;

/// <summary>What one run of the command line gave.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;
}

/// <summary>Runs the command line inside the test's process, with its own streams and clock.</summary>
internal static class Cli
{
    /// <summary>The time that a run believes it is.</summary>
    public static readonly DateTimeOffset Now = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    public static Task<CliResult> RunAsync(params string[] args) => RunAsync(args, useColor: false);

    public static async Task<CliResult> RunAsync(string[] args, bool useColor, Func<string, string?>? variable = null, TimeProvider? clock = null)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = await CommandLine.RunAsync(args, new CliContext(output, error, useColor, clock ?? new FixedClock(args)) { Variable = variable ?? (_ => null) });
        return new CliResult(code, output.ToString(), error.ToString());
    }

    // How long something took is nothing to a test, however slow the machine; but a bench lasts as long as it is told to.
    private sealed class FixedClock(string[] args) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => args is ["bench", ..] ? base.GetTimestamp() : 0;
    }
}
