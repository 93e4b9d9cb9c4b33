using System.Diagnostics;
using System.Text.Json;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Results;

/// <summary>
/// The npm package jose under Node.js: a JWT library that shares no line with the one that signs. Installed once per run into a folder of its
/// own, with the version and hash of the lock file. Tests skip, and say so, where there is no Node.js.
/// </summary>
public sealed class Jose : IAsyncLifetime
{
    private const int NotThere = 127;

    private static readonly string[] Files = ["package.json", "package-lock.json", ".npmrc", "check.mjs", "example.mjs"];

    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-jose-").FullName;

    /// <summary>Why it cannot be used; null when it can.</summary>
    public string? Absence { get; private set; }

    public async ValueTask InitializeAsync()
    {
        foreach (string file in Files)
        {
            File.Copy(RepositoryRoot.Combine("tests", "EndToEnd.Tests", "Results", "jose", file), Path.Combine(_folder, file));
        }

        (int node, _, string nodeError) = await RunAsync("node", "", "--version");
        (int npm, _, string npmError) = node == 0 ? await InstallAsync() : (0, "", "");
        Absence = node != 0 ? $"SKIPPED: Node.js was not found, so results are not checked with a second library: {nodeError}"
            : npm != 0 ? $"SKIPPED: npm could not install jose, so results are not checked with a second library: {npmError}"
            : null;

        // The build machine has both; there a test that quietly checks nothing would be a lie.
        Assert.False(Absence is not null && Environment.GetEnvironmentVariable("CI") == "true", Absence);
    }

    public void Demand() => Assert.SkipWhen(Absence is not null, Absence ?? "");

    /// <summary>What jose says of each token: null when it is good, else the code of its error.</summary>
    public async Task<IReadOnlyList<string?>> CheckAsync(string issuer, string audience, DateTimeOffset now, IReadOnlyList<string> tokens)
    {
        string question = JsonSerializer.Serialize(new { issuer, audience, now = now.ToUnixTimeSeconds(), tokens });
        (int exitCode, string output, string error) = await RunAsync("node", question + "\n", "check.mjs");
        Assert.True(exitCode == 0, error);
        return [.. JsonElement.Parse(output).EnumerateArray().Select(r => r.GetProperty("ok").GetBoolean() ? null : r.GetProperty("code").GetString())];
    }

    /// <summary>What the example of the document says of a token.</summary>
    public async Task<JsonElement> RunExampleAsync(string example, string token, string issuer, string audience, byte[] nonce)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "document.mjs"), example, TestContext.Current.CancellationToken);
        (int exitCode, string output, string error) = await RunAsync("node", "", "example.mjs", token, issuer, audience, Convert.ToHexStringLower(nonce));
        Assert.True(exitCode == 0, error);
        return JsonElement.Parse(output);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    // The registry of packages may not answer for a moment.
    private async Task<(int ExitCode, string Output, string Error)> InstallAsync()
    {
        for (int tried = 1; ; tried++)
        {
            (int ExitCode, string Output, string Error) run = await RunAsync("npm", "", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            if (run.ExitCode is 0 or NotThere || tried == 4)
            {
                return run;
            }

            await Task.Delay(TimeSpan.FromSeconds(5 * tried), TestContext.Current.CancellationToken);
        }
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, string input, params string[] arguments)
    {
        using Process process = new();
        process.StartInfo = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (NotThere, "", e.Message);
        }

        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
