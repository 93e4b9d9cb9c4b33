using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Verifier.Service.Hosting;
using Verifier.Service.Tokens;
using Verifier.TestKit;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Telemetry;

/// <summary>What is shown of keys and certificates.</summary>
[Collection(nameof(Scraped))]
public sealed class GaugeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Certificate_IsShownByWhatIsLeft_AndWhetherItsSuccessorWasRefused()
    {
        string folder = Directory.CreateTempSubdirectory("verifier-tls-").FullName;
        string certificate = Path.Combine(folder, "tls.crt"), key = Path.Combine(folder, "tls.key");
        WriteCertificate(certificate, key);
        await using TestService service = await TestService.StartAsync(
            ["--Telemetry:MetricsPort=0", $"--Server:Tls:CertificateFile={certificate}", $"--Server:Tls:KeyFile={key}"]);
        Assert.Equal(30 * 86400, await Scrape.ValueAsync(service, "verifier_tls_certificate_remaining_seconds"));
        Assert.Equal(0, await Scrape.ValueAsync(service, "verifier_tls_certificate_refused"));

        await File.WriteAllTextAsync(certificate, "nothing", Cancellation);
        service.ExpectedErrors.Add(1004);
        service.App.Services.GetRequiredService<TlsReloader>().Check();
        service.Clock.Advance(TimeSpan.FromDays(31));

        Assert.Equal(-86400, await Scrape.ValueAsync(service, "verifier_tls_certificate_remaining_seconds"));
        Assert.Equal(1, await Scrape.ValueAsync(service, "verifier_tls_certificate_refused"));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task KeysOfResults_AreCounted_AlsoWhenNoneIsLeft()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("verifier-keys-").FullName, "key.pem");
        await File.WriteAllTextAsync(file, TokenKey.NewPem(), Cancellation);
        await using TestService service = await TestService.StartAsync(["--Telemetry:MetricsPort=0", "--Tokens:Port=0", $"--Tokens:KeyFiles:0={file}"]);
        TokenKeys keys = service.App.Services.GetRequiredService<TokenKeys>();
        Assert.Equal((1, 0), (await Scrape.ValueAsync(service, "verifier_token_keys{state=\"signing\"}"), await Scrape.ValueAsync(service, "verifier_token_files_refused")));

        await File.WriteAllTextAsync(file, "nothing", Cancellation);
        service.ExpectedErrors.Add(8201);
        keys.Check();
        Assert.Equal((1, 1), (await Scrape.ValueAsync(service, "verifier_token_keys{state=\"signing\"}"), await Scrape.ValueAsync(service, "verifier_token_files_refused")));

        File.Delete(file);
        keys.Check();
        Assert.Equal((0, 0), (await Scrape.ValueAsync(service, "verifier_token_keys{state=\"signing\"}"), await Scrape.ValueAsync(service, "verifier_token_files_refused")));
    }

    [Fact]
    public async Task WithoutTlsAndResults_NothingIsShownOfThem()
    {
        await using TestService service = await TestService.StartAsync(["--Telemetry:MetricsPort=0"]);

        Assert.DoesNotContain(await Scrape.SeriesAsync(service), s =>
            s.StartsWith("verifier_tls_", StringComparison.Ordinal) || s.StartsWith("verifier_token_keys", StringComparison.Ordinal));
    }

    private static void WriteCertificate(string certificateFile, string keyFile)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(VirtualAmd.Now.AddDays(-1), VirtualAmd.Now.AddDays(30));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
