using System.Diagnostics;

namespace Verifier.EndToEnd.Tests.Image;

/// <summary>Runs the image that VERIFIER_IMAGE names. Tests of it skip, and say so, where none was built.</summary>
internal static class Podman
{
    // As build/image/podman.sh: also for machines with old control groups and no init.
    private static readonly string[] Engine = ["--cgroup-manager=cgroupfs", "--runtime", "runc"];
    private static readonly string[] Confined =
    [
        "--network", "host", "--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges", "--ulimit", "nofile=1024:4096", "--ulimit", "nproc=1024:4096",
    ];

    public static string? Image => Environment.GetEnvironmentVariable("VERIFIER_IMAGE") is { Length: > 0 } image ? image : null;

    public static void Demand() => Assert.SkipWhen(
        Image is null, "SKIPPED, NOT PASSED: no image. Build one with build/image.sh and name it in the environment variable VERIFIER_IMAGE (docs/image.md).");

    /// <summary>Runs podman and insists on its success.</summary>
    public static async Task<string> DoAsync(params IEnumerable<string> arguments)
    {
        (int code, string output, string error) = await TryAsync(arguments);
        Assert.True(code == 0, $"podman {string.Join(' ', arguments)}: {code} {error}");
        return output.Trim();
    }

    public static async Task<(int Code, string Output, string Error)> TryAsync(params IEnumerable<string> arguments)
    {
        using Process process = new();
        process.StartInfo = new ProcessStartInfo("podman", [.. Engine, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        process.Start();
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(3), CancellationToken.None);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Arguments that run the image as it is meant to be run.</summary>
    public static IEnumerable<string> Run(params IEnumerable<string> more) => ["run", .. Confined, .. more, Image!];
}
