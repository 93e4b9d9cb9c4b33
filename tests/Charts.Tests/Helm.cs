using System.Diagnostics;
using Verifier.TestKit;

namespace Verifier.Charts.Tests;

/// <summary>The helm program, on the chart of this repository. Tests that need it are skipped where there is none.</summary>
internal static class Helm
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly string? Program = HelmProgram.Find();

    public static string Chart => RepositoryRoot.Combine("charts", "verifier");

    public static string Values => RepositoryRoot.Combine("tests", "charts");

    /// <summary>Renders the chart with one file of values, for a cluster that knows these kinds beside Kubernetes's own.</summary>
    public static HelmResult Template(string valuesFile, params string[] kinds) => Run(
        ["template", "release", Chart, "--namespace", "trust", "--kube-version", "1.33.0", "--values", valuesFile, .. kinds.SelectMany(k => new[] { "--api-versions", k })]);

    public static HelmResult Run(params string[] arguments)
    {
        Assert.SkipUnless(Program is not null, HelmProgram.SkipReason);
        var start = new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"helm {string.Join(' ', arguments)} did not end within {Limit}");
        }

        process.WaitForExit();
        return new HelmResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}

/// <summary>How a run of helm ended.</summary>
internal sealed record HelmResult(int Code, string Output, string Error)
{
    public string Succeeded()
    {
        Assert.True(Code == 0, $"helm ended with code {Code}: {Error}{Output}");
        return Output;
    }
}
