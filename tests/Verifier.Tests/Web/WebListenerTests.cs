using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Microsoft.Extensions.DependencyInjection;
using Verifier.Contracts.V1;
using Verifier.Service.Hosting;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;

namespace Verifier.Tests.Web;

/// <summary>Which listener serves what, and to the pages of which origin.</summary>
public sealed class WebListenerTests
{
    private const string Console = "https://console.example.org";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MainListener_ServesNoJson_AndNoGrpcWeb()
    {
        await using TestService service = await WebCalls.StartAsync();
        foreach ((string verb, string path) in WebRoutes.All.SelectMany(r => new[] { r, (r.Verb, r.Path.ToUpperInvariant()), (r.Verb, r.Path + "/") }))
        {
            using HttpRequestMessage request = Http2(WebCalls.Request(new HttpMethod(verb), path, verb is "GET" or "DELETE" ? null : WebCalls.Json("{}")));
            Assert.Equal((HttpStatusCode.NotFound, ""), (await service.SendAsync(request, service.Address)) is var answer ? (answer.Status, answer.Text) : default);
        }

        using HttpRequestMessage web = Http2(WebCalls.Request(HttpMethod.Post, "/verifier.v1.VerifierService/Verify", new ByteArrayContent([0, 0, 0, 0, 0])));
        web.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/grpc-web");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await service.SendAsync(web, service.Address)).Status);
    }

    [Fact]
    public async Task WithoutItsPort_NothingOfItIsThere()
    {
        await using TestService service = await TestService.StartAsync();
        using HttpRequestMessage request = Http2(WebCalls.Request(HttpMethod.Post, WebCalls.VerifyPath, WebCalls.Json("{}")));

        Assert.Single(service.App.Urls);
        Assert.Equal(HttpStatusCode.NotFound, (await service.SendAsync(request, service.Address)).Status);
        Assert.DoesNotContain(service.Log.Entries, e => e.Id.Id == 1010);
    }

    [Fact]
    public async Task CertificateOfTheListener_IsThatOfTheService_AlsoAfterAChange()
    {
        using Files files = new();
        string first = files.Renew();
        await using TestService service = await WebCalls.StartAsync($"--Server:Tls:CertificateFile={files.Certificate}", $"--Server:Tls:KeyFile={files.Key}");

        Assert.Equal(first, await SeenAsync(service));
        string second = files.Renew();
        service.App.Services.GetRequiredService<TlsReloader>().Check();

        Assert.Equal(second, await SeenAsync(service));
    }

    [Fact]
    public async Task Address_IsOneLineOfTheLog()
    {
        await using TestService service = await WebCalls.StartAsync("--Server:ProbePort=0", "--Tokens:Port=0");

        Assert.Contains(service.Log.Entries, e => e.Id.Id == 1010 && e.Text == $"JSON and gRPC-Web on {service.WebAddress()}");
    }

    [Fact]
    public async Task GrpcWeb_IsTheSameService()
    {
        await using TestService service = await WebCalls.StartAsync();
        foreach (GrpcWebMode mode in new[] { GrpcWebMode.GrpcWeb, GrpcWebMode.GrpcWebText })
        {
            using GrpcChannel channel = GrpcChannel.ForAddress(service.WebAddress(), new() { HttpHandler = new GrpcWebHandler(mode, new HttpClientHandler()), HttpVersion = HttpVersion.Version11 });
            VerifierService.VerifierServiceClient verifier = new(channel);
            RegistryService.RegistryServiceClient registry = new(channel);

            VerifyResponse answer = await verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);
            RpcException nobody = await Assert.ThrowsAsync<RpcException>(async () => await registry.CreateReferenceValueAsync(Requests.Create(), cancellationToken: Cancellation));
            RpcException bad = await Assert.ThrowsAsync<RpcException>(async () => await verifier.VerifyAsync(new(), cancellationToken: Cancellation));

            Assert.Equal(AttestationVerdict.Types.Outcome.Rejected, answer.Verdict.Outcome);
            Assert.Equal(StatusCode.Unauthenticated, nobody.StatusCode);
            Assert.Equal("evidence", bad.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations[0].Field);
        }
    }

    [Fact]
    public async Task T91_T93_GrpcWeb_HoldsTheSameLimits()
    {
        await using TestService service = await WebCalls.StartAsync();

        Assert.Equal("8", await FramedAsync(service, [0, 0x40, 0, 0, 0, 1, 2, 3, 4]));
        Assert.Equal("3", await FramedAsync(service, [0, 0, 0, 0, 2, 0x0A, 0xFF]));
        Assert.Equal("12", await FramedAsync(service, [1, 0, 0, 0, 0], encoding: "gzip"));
    }

    [Fact]
    public async Task GrpcWeb_HasTheDefaultDeadline()
    {
        await using TestService service = await WebCalls.StartAsync("--Server:DefaultDeadline=00:00:00.3");
        service.Store.Delay = token => Task.Delay(Timeout.Infinite, token);
        using GrpcChannel channel = GrpcChannel.ForAddress(service.WebAddress(), new() { HttpHandler = new GrpcWebHandler(new HttpClientHandler()), HttpVersion = HttpVersion.Version11 });

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
            await new VerifierService.VerifierServiceClient(channel).VerifyAsync(Requests.Verify(), cancellationToken: Cancellation));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task NativeGrpc_IsNotServedThere_NorIsHealth()
    {
        await using TestService service = await WebCalls.StartAsync();

        Assert.Equal("12", await FramedAsync(service, [0, 0, 0, 0, 0], "application/grpc"));
        using HttpRequestMessage health = WebCalls.Request(HttpMethod.Post, "/grpc.health.v1.Health/Check", new ByteArrayContent([0, 0, 0, 0, 0]));
        health.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/grpc-web");
        Assert.Equal(HttpStatusCode.NotFound, (await service.SendAsync(health)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await service.GetAsync("/.well-known/jwks.json")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await service.GetAsync("/")).Status);
    }

    [Fact]
    public async Task PageOfAnAllowedOrigin_MayCall()
    {
        await using TestService service = await WebCalls.StartAsync($"--Web:AllowedOrigins:0={Console}");

        WebAnswer preflight = await service.SendAsync(Preflight(Console, WebCalls.VerifyPath));
        WebAnswer webPreflight = await service.SendAsync(Preflight(Console, "/verifier.v1.VerifierService/Verify"));
        WebAnswer call = await service.SendAsync(From(Console, WebCalls.Request(HttpMethod.Post, WebCalls.VerifyPath, WebCalls.Json(WebCalls.Question()))));

        foreach (WebAnswer answer in new[] { preflight, webPreflight, call })
        {
            Assert.Equal([Console], answer.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        }

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.OK), (preflight.Status, call.Status));
        Assert.Contains("authorization", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
    }

    // A page cannot read the answer without being allowed to, but what it sends must not be done either: its reader's browser may show a certificate.
    [Theory]
    [InlineData("https://evil.example.org")]
    [InlineData("https://console.example.org:444")]
    [InlineData("http://console.example.org")]
    [InlineData("https://console.example.org.evil.example")]
    [InlineData("null")]
    public async Task PageOfAnotherOrigin_IsRefusedBeforeItsCallIsMade(string origin)
    {
        await using TestService service = await WebCalls.StartAsync($"--Web:AllowedOrigins:0={Console}");

        WebAnswer preflight = await service.SendAsync(Preflight(origin, WebCalls.VerifyPath));
        WebAnswer call = await service.SendAsync(From(origin, WebCalls.Request(HttpMethod.Post, WebCalls.VerifyPath, WebCalls.Json(WebCalls.Question()))));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, "ORIGIN_NOT_ALLOWED"), (preflight.Status, call.Status, call.Reason));
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(0, service.Store.Lookups);
    }

    [Theory]
    [InlineData("cross-site", true)]
    [InlineData("same-site", true)]
    [InlineData("same-origin", false)]
    [InlineData("none", false)]
    public async Task PageOfAnotherSite_ThatSendsNoOrigin_IsRefused(string site, bool isRefused)
    {
        await using TestService service = await WebCalls.StartAsync($"--Web:AllowedOrigins:0={Console}");
        HttpRequestMessage request = WebCalls.Request(HttpMethod.Get, "/v1/tenants/default/referenceValues");
        request.Headers.Add("Sec-Fetch-Site", site);

        WebAnswer answer = await service.SendAsync(request);

        Assert.Equal(isRefused, answer is { Status: HttpStatusCode.Forbidden, Reason: "ORIGIN_NOT_ALLOWED" });
    }

    [Fact]
    public async Task NoOriginIsAllowed_UnlessConfigured()
    {
        await using TestService service = await WebCalls.StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await service.SendAsync(Preflight(Console, WebCalls.VerifyPath))).Status);
    }

    [Theory]
    [InlineData("rebound.example.org", HttpStatusCode.MisdirectedRequest)]
    [InlineData("10.0.0.1", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.example.org", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost:1", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:80", HttpStatusCode.OK)]
    public async Task OpenServiceOnLoopback_AnswersToNoNameOfOthers(string host, HttpStatusCode expected)
    {
        await using TestService service = await WebCalls.StartAsync();
        using HttpRequestMessage request = WebCalls.Request(HttpMethod.Get, "/v1/tenants/default/referenceValues", isAdmin: false);
        request.Headers.Host = host;

        Assert.Equal(expected, (await service.SendAsync(request)).Status);
    }

    [Fact]
    public async Task Changes_AreToldAsLinesOfJson()
    {
        await using TestService service = await WebCalls.StartAsync();
        using HttpClient client = new() { BaseAddress = new Uri(service.WebAddress()) };
        using HttpRequestMessage wrong = WebCalls.Request(HttpMethod.Get, "/v1/tenants/default/referenceValues:watch?fromStart=false");

        WebAnswer refused = await service.SendAsync(wrong);

        Assert.Equal(("from_start", "OUT_OF_RANGE"), refused.Violation);
        Assert.EndsWith("\n", refused.Text, StringComparison.Ordinal);
    }

    private static async Task<string> SeenAsync(TestService service)
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
        using HttpClient client = new(handler) { BaseAddress = new Uri(service.WebAddress()) };
        using HttpResponseMessage response = await client.GetAsync("/v1/tenants/default/referenceValues", Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return seen;
    }

    private static HttpRequestMessage Http2(HttpRequestMessage request)
    {
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return request;
    }

    private static HttpRequestMessage From(string origin, HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("Origin", origin);
        return request;
    }

    private static HttpRequestMessage Preflight(string origin, string path)
    {
        HttpRequestMessage request = From(origin, new HttpRequestMessage(HttpMethod.Options, path));
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return request;
    }

    private static async Task<string> FramedAsync(TestService service, byte[] body, string type = "application/grpc-web", string? encoding = null)
    {
        using HttpRequestMessage request = WebCalls.Request(HttpMethod.Post, "/verifier.v1.VerifierService/Verify", new ByteArrayContent(body));
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null)
        {
            request.Headers.Add("grpc-encoding", encoding);
        }

        WebAnswer answer = await service.SendAsync(request);
        return answer.Headers.TryGetValues("grpc-status", out IEnumerable<string>? values) ? values.Single() : answer.Text[(answer.Text.IndexOf("grpc-status:", StringComparison.Ordinal) + 12)..].Split('\r')[0].Trim();
    }

    /// <summary>A certificate for localhost and its key, as files that change.</summary>
    private sealed class Files : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("verifier-tls-").FullName;

        public string Certificate => Path.Combine(_folder, "tls.crt");

        public string Key => Path.Combine(_folder, "tls.key");

        public string Renew()
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using X509Certificate2 made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
            File.WriteAllText(Certificate, made.ExportCertificatePem());
            File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
            return made.Thumbprint;
        }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
