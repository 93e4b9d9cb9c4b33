using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Documents;

/// <summary>The examples of docs/http.md, run with curl as they stand there, against the service with TLS.</summary>
public sealed partial class HttpDocumentTests
{
    private static readonly string[] Blocks = [.. CommandBlock().Matches(File.ReadAllText(RepositoryRoot.Combine("docs", "http.md"))).Select(m => m.Groups[1].Value)];

    [Fact]
    public void Document_HasThreeExamples_EachWithCurl()
    {
        Assert.Equal(3, Blocks.Length);
        Assert.All(Blocks, b => Assert.StartsWith("curl ", b, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Examples_RegisterJudgeAndList()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "SKIPPED, NOT PASSED: there is no curl on this machine.");
        using ServerCertificate certificate = new();
        await using RunningService service = await RunningService.StartAsync([.. certificate.Settings, "--Web:Port=0", $"--Trust:UnsafeExtraRoots:0={Samples.Path("root.pem")}"]);

        (int refusedCode, JsonElement refused) = await RunAsync(Blocks[1], service, certificate);
        (int registeredCode, JsonElement registered) = await RunAsync(Blocks[0], service, certificate);
        (int againCode, JsonElement again) = await RunAsync(Blocks[0], service, certificate);
        (int acceptedCode, JsonElement accepted) = await RunAsync(Blocks[1], service, certificate);
        (int misspeltCode, JsonElement misspelt) = await RunAsync(Blocks[1].Replace("\"image\"", "\"imagee\"", StringComparison.Ordinal), service, certificate);
        (int listedCode, JsonElement listed) = await RunAsync(Blocks[2], service, certificate);

        Assert.Equal((0, "OUTCOME_REJECTED"), (refusedCode, Outcome(refused)));
        Assert.Equal((0, "STATE_ACTIVE"), (registeredCode, registered.GetProperty("referenceValue").GetProperty("state").GetString()));
        Assert.Equal((22, 6), (againCode, again.GetProperty("code").GetInt32()));
        Assert.Equal((0, "OUTCOME_ACCEPTED"), (acceptedCode, Outcome(accepted)));
        Assert.Equal((22, "expectations.imagee: is no field that this service knows"), (misspeltCode, misspelt.GetProperty("message").GetString()));
        Assert.Equal((0, "tenants/default/referenceValues/sample"), (listedCode, listed.GetProperty("referenceValues")[0].GetProperty("name").GetString()));
    }

    private static string Outcome(JsonElement answer) => answer.GetProperty("verdict").GetProperty("outcome").GetString()!;

    // In a folder with what the page says there is: the samples, the certificate and the token.
    private static async Task<(int ExitCode, JsonElement Answer)> RunAsync(string commands, RunningService service, ServerCertificate certificate)
    {
        string folder = Directory.CreateTempSubdirectory("verifier-http-").FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "samples"), RepositoryRoot.Combine("samples"));
        File.CreateSymbolicLink(Path.Combine(folder, "tls.crt"), certificate.File);
        File.CreateSymbolicLink(Path.Combine(folder, "admin-token"), service.TokenFile);
        Assert.Contains("https://localhost:8443/", commands, StringComparison.Ordinal);
        string script = commands.Replace("https://localhost:8443", $"https://localhost:{new Uri(service.WebAddress).Port}", StringComparison.Ordinal);
        try
        {
            using Process bash = new()
            {
                StartInfo = new ProcessStartInfo("bash", ["-c", $"set -euo pipefail\n{script}"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true },
            };
            bash.Start();
            Task<string> output = bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Task<string> error = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(bash.ExitCode is 0 or 22, $"exit code {bash.ExitCode}: {await error}{await output}");
            return (bash.ExitCode, JsonDocument.Parse(await output).RootElement);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("^```sh\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CommandBlock();
}
