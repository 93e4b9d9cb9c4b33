using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Verifier.EndToEnd.Tests.Running;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>F43: the certificate of the service is replaced while clients connect, key and certificate one after the other.</summary>
public sealed class RotationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task F43_CertificateRotatedUnderLoad_FailsNoHandshake()
    {
        using ServerCertificate certificate = new();
        await using RunningService service = await RunningService.StartAsync([.. certificate.Settings, "--Server:Tls:ReloadInterval=00:00:01"]);
        int port = new Uri(service.Address).Port;
        Assert.Equal(certificate.Thumbprint, await SeenAsync(port));
        for (int round = 0; round < 3; round++)
        {
            string old = certificate.Thumbprint;
            Task rotating = certificate.RotateAsync(TimeSpan.FromSeconds(1.3));
            for (int tried = 0; await SeenAsync(port) is var seen && seen != certificate.Thumbprint; tried++)
            {
                Assert.True(seen == old && tried < 1000, $"round {round}, handshake {tried}: {seen}");
                await Task.Delay(20, Ct);
            }

            await rotating;
        }
    }

    private static async Task<string> SeenAsync(int port)
    {
        using TcpClient connection = new();
        await connection.ConnectAsync("127.0.0.1", port, Ct);
        await using SslStream tls = new(connection.GetStream(), false, (_, shown, _, _) => shown is not null);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = SslProtocols.None, ApplicationProtocols = [SslApplicationProtocol.Http2] }, Ct);
        using X509Certificate2 server = new(tls.RemoteCertificate!);
        return server.Thumbprint;
    }
}
