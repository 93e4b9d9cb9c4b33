using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Verifier.Service.Health;
using Verifier.Service.Hosting;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Health;

public sealed class HealthCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ServingService_IsHealthy_ByItsProbePort_AndByItsMainListener()
    {
        await using TestService service = await TestService.StartAsync(["--Server:ProbePort=0"]);
        int[] ports = [.. service.App.Urls.Select(u => new Uri(u).Port)];

        Assert.Equal((0, "SERVING", ""), await AskAsync("--Server:Port=1", $"--Server:ProbePort={ports[1]}"));
        Assert.Equal((0, "SERVING", ""), await AskAsync($"--Server:Port={ports[0]}"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("127.0.0.1")]
    public async Task ServiceOnAnyAddress_IsAskedOnThisMachine(string address)
    {
        await using TestService service = await TestService.StartAsync([$"--Server:Address={address}", "--Server:UnsafePlaintext=true"]);

        Assert.Equal((0, "SERVING", ""), await AskAsync($"--Server:Address={address}", $"--Server:Port={new Uri(service.Address).Port}"));
    }

    [Fact]
    public async Task ListenerWithTls_IsAskedByTls()
    {
        string folder = Directory.CreateTempSubdirectory("verifier-health-").FullName;
        string certificate = Path.Combine(folder, "tls.crt"), key = Path.Combine(folder, "tls.key");
        WriteCertificate(certificate, key);
        string[] tls = [$"--Server:Tls:CertificateFile={certificate}", $"--Server:Tls:KeyFile={key}"];
        await using TestService service = await TestService.StartAsync(tls);
        string port = $"--Server:Port={new Uri(service.Address).Port}";

        Assert.Equal((0, "SERVING", ""), await AskAsync([port, .. tls]));
        Assert.Equal(1, (await AskAsync(port)).Code);

        // Somebody else's certificate, and none at all.
        string other = Path.Combine(folder, "other.crt"), otherKey = Path.Combine(folder, "other.key");
        WriteCertificate(other, otherKey);
        string[] foreign = [port, $"--Server:Tls:CertificateFile={other}", $"--Server:Tls:KeyFile={otherKey}"];
        Assert.Equal(1, (await AskAsync(foreign)).Code);
        File.Delete(other);
        ConfigurationFaultException thrown = await Assert.ThrowsAsync<ConfigurationFaultException>(() => AskAsync(foreign));
        Assert.Equal(["Server:Tls:CertificateFile: holds no certificate that can be read (FileNotFoundException)"], thrown.Faults);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task DrainingService_IsNotHealthy()
    {
        await using TestService service = await TestService.StartAsync();
        service.App.Services.GetRequiredService<DependencyHealth>().Drain();

        Assert.Equal((1, "", "error: NOT_SERVING"), await AskAsync($"--Server:Port={new Uri(service.Address).Port}"));
    }

    [Fact]
    public async Task SilentListener_IsNotHealthy_WithinSeconds()
    {
        using System.Net.Sockets.TcpListener silent = new(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        int port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;

        Assert.Equal((1, "", $"error: http://127.0.0.1:{port} does not answer (DeadlineExceeded)"), await AskOnceAsync($"--Server:Port={port}").WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
    }

    [Fact]
    public async Task PortWhereNobodyListens_IsNotHealthy()
    {
        // Bound, so that no other test gets it meanwhile.
        using System.Net.Sockets.Socket taken = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        int port = ((System.Net.IPEndPoint)taken.LocalEndPoint!).Port;

        Assert.Equal((1, "", $"error: http://127.0.0.1:{port} does not answer (Unavailable)"), await AskAsync($"--Server:Port={port}"));
    }

    [Theory]
    [InlineData("Server:Port: must be the port where the service listens, 1 to 65535", "--Server:Port=0")]
    [InlineData("Server:ProbePort: must be the port where the service listens, 1 to 65535", "--Server:ProbePort=0")]
    [InlineData("Server:ProbePort: must be the port where the service listens, 1 to 65535", "--Server:ProbePort=65536")]
    [InlineData("Server:Address: must be an IP address or *", "--Server:Address=localhost")]
    [InlineData("Server:ProbPort: there is no such setting", "--Server:ProbPort=7444")]
    [InlineData("argument 1: a setting is written --Section:Key=value; --help shows examples", "7444")]
    public async Task SettingsByWhichNobodyCanBeAsked_AreNamed(string fault, string setting)
    {
        ConfigurationFaultException thrown = await Assert.ThrowsAsync<ConfigurationFaultException>(() => AskAsync(setting));

        Assert.Equal([fault], thrown.Faults);
    }

    private static void WriteCertificate(string certificateFile, string keyFile)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=verifier.example", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(certificateFile, made.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Asks again where the machine was too busy for an answer in the two seconds that there are.</summary>
    private static async Task<(int Code, string Output, string Error)> AskAsync(params string[] settings)
    {
        (int Code, string Output, string Error) told = await AskOnceAsync(settings);
        for (int i = 0; i < 10 && told.Error.Contains("(DeadlineExceeded)", StringComparison.Ordinal); i++)
        {
            told = await AskOnceAsync(settings);
        }

        return told;
    }

    private static async Task<(int Code, string Output, string Error)> AskOnceAsync(params string[] settings)
    {
        using StringWriter output = new(), error = new();
        int code = await HealthCommand.RunAsync(settings, output, error);
        return (code, output.ToString().Trim(), error.ToString().Trim());
    }
}
