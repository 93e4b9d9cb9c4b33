using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Verifier.Contracts.V1;
using Verifier.Service.Hosting;
using Verifier.Tests.Rpc;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace Verifier.Tests.Hosting;

public sealed class ListenerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BoundAddress_IsOneLineOfTheLog()
    {
        await using TestService service = await TestService.StartAsync();

        Assert.Contains(service.Log.Entries, e => e.Id.Id == 1000 && e.Text == $"Listening on {service.Address}");
        Assert.DoesNotContain(":0", service.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T108_ProbeListener_ServesHealthOnly()
    {
        await using TestService service = await TestService.StartAsync(["--Server:ProbePort=0"]);
        GrpcChannel probe = service.Channel(service.App.Urls.ElementAt(1));

        HealthCheckResponse health = await new HealthClient(probe).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation);
        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
            await new VerifierService.VerifierServiceClient(probe).VerifyAsync(Requests.Verify(), cancellationToken: Cancellation));

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
        Assert.Equal(0, service.Store.Lookups);
    }

    [Fact]
    public async Task T99_T97_Limits_AreSet()
    {
        await using TestService service = await TestService.StartAsync();
        KestrelServerLimits limits = service.App.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.Equal((32, 8192, 8192), (limits.Http2.MaxStreamsPerConnection, limits.MaxRequestHeadersTotalSize, limits.Http2.MaxRequestHeaderFieldSize));
        Assert.Equal(240, limits.MinRequestBodyDataRate!.BytesPerSecond);
        Assert.Equal(1000, limits.MaxConcurrentConnections);
    }

    [Fact]
    public async Task ChangedCertificate_IsTakenIn_AndABadOneIsNot()
    {
        string folder = Directory.CreateTempSubdirectory("verifier-tls-").FullName;
        (string certificate, string key, string first) = WriteCertificate(folder);
        await using TestService service = await TestService.StartAsync([$"--Server:Tls:CertificateFile={certificate}", $"--Server:Tls:KeyFile={key}"]);
        TlsReloader reloader = service.App.Services.GetRequiredService<TlsReloader>();
        Assert.StartsWith("https://", service.Address, StringComparison.Ordinal);
        Assert.Equal(first, await SeenCertificateAsync(service));

        string second = WriteCertificate(certificate, key);
        reloader.Check();
        Assert.Equal(second, await SeenCertificateAsync(service));

        await File.WriteAllTextAsync(certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", Cancellation);
        service.ExpectedErrors.Add(1004);
        reloader.Check();
        reloader.Check();
        Assert.Equal(second, await SeenCertificateAsync(service));
        Assert.Single(service.Log.Errors, e => e.Id.Id == 1004);

        File.Delete(key);
        reloader.Check();
        Assert.Equal(second, await SeenCertificateAsync(service));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Drain_TellsFirst_AndServesOn()
    {
        await using TestService service = await TestService.StartAsync(["--Server:DrainDelay=00:00:05"]);
        HealthClient health = service.Health;
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new(), cancellationToken: Cancellation)).Status);

        Task stopping = service.App.StopAsync(Cancellation);
        while ((await health.CheckAsync(new(), cancellationToken: Cancellation)).Status == HealthCheckResponse.Types.ServingStatus.Serving)
        {
            await Task.Delay(10, Cancellation);
        }

        Assert.False(stopping.IsCompleted);
        await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);
        // It tells a moment before it begins to wait, and time that passes in between is no part of the wait.
        for (int i = 0; i < 300 && !stopping.IsCompleted; i++)
        {
            service.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(stopping, Task.Delay(100, Cancellation));
        }

        await stopping.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task T109_UnsafeSwitches_AreToldAtStart()
    {
        await using TestService service = await TestService.StartAsync(["--Server:Address=*", "--Server:UnsafePlaintext=true"]);

        Assert.Equal(
            ["Server:UnsafePlaintext"],
            service.Log.Entries.Where(e => e.Id.Id == 1002).Select(e => e.Text.Split(' ')[1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SafeService_TellsNoUnsafeSwitch()
    {
        await using TestService service = await TestService.StartAsync(["--Server:UnsafePlaintext=false"]);

        Assert.DoesNotContain(service.Log.Entries, e => e.Id.Id == 1002);
    }

    internal static (string Certificate, string Key, string Thumbprint) WriteCertificate(string folder)
    {
        (string certificate, string key) = (Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"));
        return (certificate, key, WriteCertificate(certificate, key));
    }

    private static string WriteCertificate(string certificateFile, string keyFile)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }

    private static async Task<string> SeenCertificateAsync(TestService service)
    {
        string seen = "";
        using HttpClientHandler handler = new()
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
            {
                seen = certificate!.Thumbprint;
                return true;
            },
        };
        using GrpcChannel channel = GrpcChannel.ForAddress(service.Address, new GrpcChannelOptions { HttpHandler = handler });
        await new HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation);
        return seen;
    }
}
