using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Verifier.TestKit;

namespace Verifier.Client.Tests.Online;

public sealed class TlsTests : IDisposable
{
    private readonly string _authorities = Path.GetTempFileName();
    private readonly X509Certificate2 _server = SelfSigned();

    public void Dispose()
    {
        File.Delete(_authorities);
        _server.Dispose();
    }

    [Fact]
    public async Task NamedAuthority_IsTrusted()
    {
        CliResult result = await RunAsync(_server, "--ca", _authorities);

        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task OtherAuthority_IsNotTrusted()
    {
        using X509Certificate2 other = SelfSigned();

        CliResult result = await RunAsync(other, "--ca", _authorities);

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("no trustworthy TLS connection", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownCertificate_IsNotTrustedWithoutAuthority()
    {
        CliResult result = await RunAsync(_server);

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("hint: --ca FILE names the authorities", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Out);
    }

    private async Task<CliResult> RunAsync(X509Certificate2 authority, params string[] options)
    {
        await File.WriteAllTextAsync(_authorities, authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await using FakeService service = await FakeService.StartAsync(_server);
        service.Answers.Give(Verdicts.Accepted());
        return await service.RunAsync(["verify", "--report", Samples.Path("report.bin"), "--nonce", new string('1', 128), "--timeout", "10", .. options]);
    }

    private static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=verifier test", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }
}
