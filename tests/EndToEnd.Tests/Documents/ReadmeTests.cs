using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using SevSnp.Certificates;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Documents;

/// <summary>Whatever README.md shows in a block of commands is run here as it stands there.</summary>
[Collection(DefaultPort.Collection)]
public sealed partial class ReadmeTests
{
    private static readonly string[] Blocks = [.. CommandBlock().Matches(File.ReadAllText(RepositoryRoot.Combine("README.md"))).Select(m => m.Groups[1].Value)];

    [Fact]
    public void EveryBlock_IsRunBySomeone()
    {
        Assert.Equal(5, Blocks.Length);
        string buildMachine = File.ReadAllText(RepositoryRoot.Combine(".ci", "run"));
        Assert.All(["./demo.sh", "./test.sh"], command =>
        {
            Assert.Contains(command, Blocks[0], StringComparison.Ordinal);
            Assert.Contains(command, buildMachine, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task WithoutTheService_InspectsAndAccepts()
    {
        string output = await RunAsync(Blocks[1]);
        Assert.Contains(Samples.Measurement, output, StringComparison.Ordinal);
        Assert.Contains("ACCEPTED", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithTheService_RegistersAndAccepts()
    {
        string ready = "for i in $(seq 300); do verifierctl list >/dev/null 2>&1 && break; sleep 0.1; done";

        string output = await RunAsync($"trap 'kill $(jobs -p)' EXIT\n{Blocks[1]}\n{Blocks[2]}\n{ready}\n{Blocks[3]}");

        Assert.Contains("ACTIVE  tenants/default/referenceValues/coconut-svsm-2026-11", output, StringComparison.Ordinal);
        Assert.Equal(2, output.Split('\n').Count(l => l == "ACCEPTED"));
    }

    [Fact]
    public async Task RecomputingAPin_GivesTheDigestOfTheRoot()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/openssl"), "SKIPPED, NOT PASSED: there is no openssl on this machine.");
        byte[] root = ParseOnly(Samples.Path("root.pem")).Der.ToArray();

        string output = await RunAsync($"curl() {{ cat {Samples.Path("chain.pem")}; }}\n{Blocks[4]}");

        Assert.StartsWith(Convert.ToHexStringLower(SHA384.HashData(root)), output, StringComparison.Ordinal);
    }

    private static AmdCertificate ParseOnly(string path)
    {
        Assert.True(CertificateBundle.TryFromFile(File.ReadAllBytes(path), out CertificateBundle? bundle, out _));
        return Assert.Single(bundle.Certificates);
    }

    // The programs as this build made them, in a folder that looks like the repository, so that what the commands leave behind is not left in it.
    private static async Task<string> RunAsync(string commands)
    {
        string folder = Directory.CreateTempSubdirectory("verifier-readme-").FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "samples"), RepositoryRoot.Combine("samples"));
        string script = $$"""
            set -euo pipefail
            dotnet() {
              case $1 in
                src/Client/bin/Release/net10.0/verifierctl.dll) shift; command dotnet {{CommandLineTool.Path}} "$@" ;;
                src/Verifier/bin/Release/net10.0/Verifier.Service.dll) shift; exec dotnet {{ServiceAssembly}} "$@" ;;
                *) return 127 ;;
              esac
            }
            {{commands}}
            """;
        try
        {
            using Process bash = new()
            {
                StartInfo = new ProcessStartInfo("bash", ["-c", script]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true },
            };
            bash.StartInfo.Environment["XDG_STATE_HOME"] = Path.Combine(folder, "state");
            bash.Start();
            Task<string> output = bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Task<string> error = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(bash.ExitCode == 0, $"exit code {bash.ExitCode}: {await error}{await output}");
            return await output;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string ServiceAssembly => CommandLineTool.BuiltFile("Verifier", "Verifier.Service.dll");

    [GeneratedRegex("^```sh\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CommandBlock();
}
