using System.Diagnostics;

namespace Verifier.EndToEnd.Tests.Ci;

/// <summary>The machine of a job: a working folder, a folder for temporary files, and programs run in the job's environment.</summary>
internal sealed class JobShell : IDisposable
{
    private static readonly string[] OfOtherJobs = ["GITHUB_", "GITLAB_", "CI_", "ACTIONS_", "RUNNER_", "VERIFIER"];

    private readonly string _root = Directory.CreateTempSubdirectory("verifier-job-").FullName;

    public JobShell()
    {
        Directory.CreateDirectory(Temporary);
        Directory.CreateDirectory(Workspace);
    }

    public string Temporary => Path.Combine(_root, "tmp");

    public string Workspace => Path.Combine(_root, "work");

    /// <summary>A file of the job; what it holds, as far as there is one.</summary>
    public string Text(string name) => File.Exists(FileOf(name)) ? File.ReadAllText(FileOf(name)) : "";

    public string FileOf(string name) => Path.Combine(_root, name);

    /// <summary>Runs a program; what it prints on both streams is the log.</summary>
    public async Task<(int ExitCode, string Log)> RunAsync(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> command)
    {
        string[] words = [.. command];
        using Process process = new();
        process.StartInfo = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Workspace,
        };
        foreach (string name in process.StartInfo.Environment.Keys.Where(k => OfOtherJobs.Any(p => k.StartsWith(p, StringComparison.Ordinal))).ToArray())
        {
            process.StartInfo.Environment.Remove(name);
        }

        process.StartInfo.Environment["TMPDIR"] = Temporary;
        process.StartInfo.Environment["no_proxy"] = process.StartInfo.Environment["NO_PROXY"] = "127.0.0.1";
        foreach ((string name, string value) in environment)
        {
            process.StartInfo.Environment[name] = value;
        }

        process.Start();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
