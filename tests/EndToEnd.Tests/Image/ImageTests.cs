using System.Diagnostics;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using HealthClient = Grpc.Health.V1.Health.HealthClient;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Kds;
using Verifier.TestKit.Net;

namespace Verifier.EndToEnd.Tests.Image;

/// <summary>The image, run with a read-only root and without capabilities.</summary>
public sealed class ImageTests(RunningImage image) : IClassFixture<RunningImage>
{
    private static readonly string[] Forbidden =
    [
        "sh", "bash", "dash", "ash", "zsh", "busybox", "toybox", "env", "perl", "python3", "apt", "apt-get", "dpkg", "openssl", "curl", "wget", "su", "sudo", "login", "mount",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_IsAnsweredFromOutside_FromInside_AndToPodman()
    {
        await ServingAsync(image.ProbePort, image.Name);

        (int code, string output, string error) = await ProbedAsync("exec", image.Name, "/app/Verifier.Service", "health");
        Assert.True((code, output) == (0, "SERVING"), $"{code} {output}{error}");
        (code, _, error) = await ProbedAsync("healthcheck", "run", image.Name);
        Assert.True(code == 0, error);
        (code, _, error) = await ProbedAsync("exec", "--env", "Server__ProbePort=1", image.Name, "/app/Verifier.Service", "health");
        Assert.Equal((1, "error: http://127.0.0.1:1 does not answer (Unavailable)"), (code, error));
    }

    [Fact]
    public async Task Sample_IsAccepted_AndTheTamperedOneRejected_OverTls()
    {
        await ServingAsync(image.ProbePort, image.Name);
        string tampered = Path.Combine(Path.GetTempPath(), $"{image.Name}.bin");
        byte[] report = Samples.Read("report.bin");
        report[0x91] ^= 1;
        await File.WriteAllBytesAsync(tampered, report, Cancellation);

        (int registered, string output, string why) = await CallAsync(
            ["register", Samples.Path("sample.igvm"), "--image", "coconut-svsm", "--version", "sample", "--kind", "svsm-igvm"]);
        Assert.True(registered == 0, output + why);
        (int accepted, output, why) = await VerifyAsync(Samples.Path("report.bin"));
        Assert.True(accepted == 0, output + why);
        (int rejected, output, why) = await VerifyAsync(tampered);
        Assert.True(rejected == 3 && output.Contains("REPORT_SIGNATURE_IS_VALID", StringComparison.Ordinal), $"{rejected}: {output}{why}");
        File.Delete(tampered);
    }

    [Fact]
    public async Task Process_HasNoRights()
    {
        Podman.Demand();
        string[] status = await File.ReadAllLinesAsync($"/proc/{image.Process}/status", Cancellation);
        string Of(string name) => string.Join(' ', status.Single(l => l.StartsWith(name + ":", StringComparison.Ordinal)).Split('\t', StringSplitOptions.RemoveEmptyEntries).Skip(1));

        Assert.Equal("65532 65532 65532 65532", Of("Uid"));
        Assert.Equal("65532 65532 65532 65532", Of("Gid"));
        Assert.All(new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" }, name => Assert.Equal("0000000000000000", Of(name)));
        Assert.Equal("1", Of("NoNewPrivs"));
    }

    [Fact]
    public async Task Root_CannotBeWritten_AndTheVolumeCan()
    {
        await ServingAsync(image.ProbePort, image.Name);
        string root = $"/proc/{image.Process}/root";

        foreach (string folder in new[] { "app", "etc", "usr/lib", "etc/verifier" })
        {
            IOException fault = Assert.Throws<IOException>(() => File.WriteAllText($"{root}/{folder}/written", ""));
            Assert.Contains("Read-only file system", fault.Message, StringComparison.Ordinal);
        }

        Assert.NotEmpty(Directory.EnumerateFiles($"{root}/data"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo($"{root}/data").UnixFileMode);

        // The runtime's own sockets for debuggers.
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{root}/tmp"));
    }

    [Fact]
    public void Files_AreNoShell_NoPackageManager_AndNothingThatRunsAsAnother()
    {
        Podman.Demand();
        EnumerationOptions all = new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        FileSystemInfo[] files = [.. new DirectoryInfo(image.Root).EnumerateFileSystemInfos("*", all)];

        Assert.Contains(files, f => f.Name == "Verifier.Service.dll");
        Assert.Empty(files.Where(f => Forbidden.Contains(f.Name) && !f.Attributes.HasFlag(FileAttributes.Directory)).Select(f => f.FullName));
        FileSystemInfo[] regular = [.. files.Where(f => f.LinkTarget is null)];
        Assert.Empty(regular.Where(f => (f.UnixFileMode & (UnixFileMode.SetUser | UnixFileMode.SetGroup)) != 0).Select(f => f.FullName));
        Assert.Equal([$"{image.Root}/tmp"], regular.Where(f => (f.UnixFileMode & UnixFileMode.OtherWrite) != 0).Select(f => f.FullName));
        Assert.Equal(
            ["Verifier.Service", "ld-linux"],
            regular.OfType<FileInfo>().Where(f => (f.UnixFileMode & UnixFileMode.OtherExecute) != 0).Select(f => f.Name.StartsWith("ld-linux", StringComparison.Ordinal) ? "ld-linux" : f.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Configuration_IsThatOfAService()
    {
        Podman.Demand();

        Assert.Equal("65532:65532 [/app/Verifier.Service] [] SIGTERM", await Podman.DoAsync("image", "inspect", "--format", "{{.User}} {{.Config.Entrypoint}} {{.Config.Cmd}} {{.Config.StopSignal}}", Podman.Image!));
        string labels = await Podman.DoAsync("image", "inspect", "--format", "{{json .Labels}}", Podman.Image!);
        Assert.All(new[] { "title", "description", "version", "revision", "licenses", "documentation" }, l => Assert.Contains($"\"org.opencontainers.image.{l}\":", labels, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sigterm_DrainsAndEndsWithZero()
    {
        Podman.Demand();
        string name = $"{image.Name}-stop";
        int probe = FreePort.Next();
        try
        {
            await Podman.DoAsync(Podman.Run([
                .. image.Settings(FreePort.Next(), probe), "--env", "Server__DrainDelay=00:00:01", "--volume", $"{name}:/data", "--name", name, "--detach"]));
            await ServingAsync(probe, name);

            // Longer than the service itself would take: killed after that, it would end with another code.
            await Podman.DoAsync("stop", "--time", "30", name);

            Assert.Equal("0", await Podman.DoAsync("inspect", "--format", "{{.State.ExitCode}}", name));
            (_, string output, _) = await Podman.TryAsync("logs", name);
            Assert.Contains("draining", output, StringComparison.Ordinal);
        }
        finally
        {
            await Podman.TryAsync("rm", "--force", name);
            await Podman.TryAsync("volume", "rm", name);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task KeyService_IsBelievedByTheAuthoritiesOfTheSystem_AndByNoOthers(bool isVouchedFor)
    {
        Podman.Demand();
        string name = $"{image.Name}-kds", authority = Path.Combine(Path.GetDirectoryName(image.CaFile)!, "kds-ca.pem");
        int port = FreePort.Next(), probe = FreePort.Next();
        using KdsTls tls = new();
        await File.WriteAllTextAsync(authority, tls.AuthorityPem, Cancellation);
        await using FakeKds kds = await FakeKds.StartAsync(tls.Good());
        try
        {
            await Podman.DoAsync(Podman.Run([
                .. image.Settings(port, probe), "--env", "Kds__Mode=Online", "--env", $"Kds__BaseUrl={kds.BaseAddress}", .. isVouchedFor ? ["--volume", $"{authority}:/etc/ssl/certs/kds-ca.pem:ro"] : Array.Empty<string>(),
                "--volume", $"{name}:/data", "--name", name, "--detach"]));
            await ServingAsync(probe, name);

            // Certificates are not sent along, so that they have to be fetched.
            (int code, string output, string why) = await CommandLineTool.RunAsync(
                "verify", "--report", Samples.Path("report.bin"), "--nonce", Samples.ReportData, "--server", $"https://127.0.0.1:{port}", "--ca", image.CaFile, "--token-file", image.TokenFile);

            Assert.True(code is not 0, output + why);
            Assert.True(kds.TotalRequests > 0 == isVouchedFor, $"{kds.TotalRequests} requests: {output}{why}");
        }
        finally
        {
            await Podman.TryAsync("rm", "--force", name);
            await Podman.TryAsync("volume", "rm", name);
        }
    }

    [Fact]
    public async Task ForgottenCertificate_StopsTheService_AndIsNamed()
    {
        Podman.Demand();

        (int code, string output, string error) = await Podman.TryAsync(Podman.Run("--rm"));

        Assert.True(code == 1 && error.Contains("error: Server:Tls: a certificate is demanded off loopback", StringComparison.Ordinal), $"{code} {output}{error}");
    }

    [Fact]
    public async Task ForgottenVolume_StopsTheService_AndIsNamed()
    {
        Podman.Demand();

        (int code, string output, string error) = await Podman.TryAsync(Podman.Run([.. image.Settings(FreePort.Next(), FreePort.Next()), "--rm"]));

        Assert.True(code == 1 && error.Contains("error: Store:DataDirectory: nothing can be written there", StringComparison.Ordinal), $"{code} {output}{error}");
    }

    // A probe waits for two seconds only, and whoever probes does so again.
    private static async Task<(int Code, string Output, string Error)> ProbedAsync(params string[] arguments)
    {
        for (int tried = 0; ; tried++)
        {
            (int code, string output, string error) = await Podman.TryAsync(arguments);
            if (tried == 5 || code == 0 || error.Contains("(Unavailable)", StringComparison.Ordinal))
            {
                return (code, output.Trim(), error.Split('\n')[0].Trim());
            }
        }
    }

    private static async Task ServingAsync(int probePort, string name)
    {
        Podman.Demand();
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{probePort}");
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                HealthCheckResponse answer = await new HealthClient(channel).CheckAsync(new(), deadline: DateTime.UtcNow.AddSeconds(5), cancellationToken: Cancellation);
                if (answer.Status == HealthCheckResponse.Types.ServingStatus.Serving)
                {
                    return;
                }

                Assert.True(watch.Elapsed < TimeSpan.FromMinutes(3), $"The service is {answer.Status}.");
            }
            catch (RpcException e) when (watch.Elapsed < TimeSpan.FromMinutes(3))
            {
                (_, string output, string error) = await Podman.TryAsync("logs", name);
                Assert.False(await Podman.DoAsync("inspect", "--format", "{{.State.Running}}", name) == "false", $"{e.Status} {output}{error}");
            }

            await Task.Delay(100, Cancellation);
        }
    }

    private Task<(int ExitCode, string Output, string Error)> VerifyAsync(string report) => CallAsync(
    [
        "verify", "--report", report, "--vcek", Samples.Path("vcek.der"), "--chain", Samples.Path("chain.pem"), "--crl", Samples.Path("crl.der"),
        "--nonce", Samples.ReportData, "--kind", "svsm-igvm",
    ]);

    private Task<(int ExitCode, string Output, string Error)> CallAsync(IEnumerable<string> command) =>
        CommandLineTool.RunAsync([.. command, "--server", $"https://127.0.0.1:{image.Port}", "--ca", image.CaFile, "--token-file", image.TokenFile]);
}
