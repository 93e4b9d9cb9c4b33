using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Verifier.Tests.Tokens;

public sealed class TokenListenerTests
{
    private static readonly HttpClient Http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Discovery_LeadsToTheKeys()
    {
        await using TokenService service = await TokenService.StartAsync();
        using HttpResponseMessage response = await Http.GetAsync(Url(service, "/.well-known/openid-configuration"), Cancellation);
        JsonElement document = JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(service.Issuer, document.GetProperty("issuer").GetString());
        Assert.Equal($"{service.Issuer}/.well-known/jwks.json", document.GetProperty("jwks_uri").GetString());
        Assert.Equal("ES256", document.GetProperty("id_token_signing_alg_values_supported")[0].GetString());
    }

    [Fact]
    public async Task Keys_ArePublicHalvesOnly()
    {
        await using TokenService service = await TokenService.StartAsync();
        using HttpResponseMessage response = await Http.GetAsync(Url(service, "/.well-known/jwks.json"), Cancellation);
        JsonElement key = Assert.Single(JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation)).GetProperty("keys").EnumerateArray());

        Assert.Equal("application/jwk-set+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["kty", "crv", "use", "alg", "kid", "x", "y"], key.EnumerateObject().Select(p => p.Name));
        Assert.Equal(TimeSpan.FromSeconds(150), response.Headers.CacheControl?.MaxAge);
        Assert.True(response.Headers.CacheControl?.Public);
    }

    [Theory]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/.well-known/jwks.json/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/.well-known/../.well-known/JWKS.json", HttpStatusCode.NotFound)]
    [InlineData("POST", "/verifier.v1.VerifierService/Verify", HttpStatusCode.NotFound)]
    [InlineData("POST", "/grpc.health.v1.Health/Check", HttpStatusCode.NotFound)]
    [InlineData("POST", "/.well-known/jwks.json", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/.well-known/openid-configuration", HttpStatusCode.MethodNotAllowed)]
    [InlineData("HEAD", "/.well-known/jwks.json", HttpStatusCode.OK)]
    public async Task NothingElse_IsServedThere(string method, string path, HttpStatusCode status)
    {
        await using TokenService service = await TokenService.StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), Url(service, path));
        using HttpResponseMessage response = await Http.SendAsync(request, Cancellation);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Keys_AreNotServedWhereTheServiceIs()
    {
        await using TokenService service = await TokenService.StartAsync();
        using HttpClient raw = service.Service.RawClient();
        using HttpResponseMessage response = await raw.GetAsync(new Uri("/.well-known/jwks.json", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(2, service.Service.App.Urls.Count);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task OverTls_BothVersionsOfHttpWork(string version)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string folder = Directory.CreateTempSubdirectory("verifier-tls-").FullName;
        await File.WriteAllTextAsync($"{folder}/tls.crt", certificate.ExportCertificatePem(), Cancellation);
        await File.WriteAllTextAsync($"{folder}/tls.key", key.ExportPkcs8PrivateKeyPem(), Cancellation);
        await using TokenService service = await TokenService.StartAsync(
            "--Server:ProbePort=0", $"--Server:Tls:CertificateFile={folder}/tls.crt", $"--Server:Tls:KeyFile={folder}/tls.key");
        using HttpClientHandler handler = new() { ServerCertificateCustomValidationCallback = (_, seen, _, _) => seen?.Thumbprint == certificate.Thumbprint };
        using HttpClient http = new(handler) { DefaultRequestVersion = new Version(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using HttpResponseMessage response = await http.GetAsync(Url(service, "/.well-known/openid-configuration"), Cancellation);

        Assert.Equal((HttpStatusCode.OK, new Version(version)), (response.StatusCode, response.Version));
        Assert.StartsWith("https://127.0.0.1:", JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation)).GetProperty("issuer").GetString(), StringComparison.Ordinal);
        Assert.Contains(service.Service.Log.Entries, e => e.Id.Id == 1006 && e.Text == $"Keys of result tokens on {service.Issuer}");
        Assert.Contains(service.Service.Log.Entries, e => e.Id.Id == 1001);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task ConfiguredIssuer_IsTheNameEverywhere()
    {
        await using TokenService service = await TokenService.StartAsync("--Tokens:Issuer=https://verifier.example/results");

        Assert.Equal("https://verifier.example/results", TokenService.Payload(await service.TokenAsync()).GetProperty("iss").GetString());
        JsonElement document = JsonElement.Parse(await Http.GetStringAsync(Url(service, "/.well-known/openid-configuration"), Cancellation));
        Assert.Equal("https://verifier.example/results/.well-known/jwks.json", document.GetProperty("jwks_uri").GetString());
    }

    private static Uri Url(TokenService service, string path) => new(service.Issuer + path);
}
