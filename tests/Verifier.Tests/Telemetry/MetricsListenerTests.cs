using System.Net;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;

namespace Verifier.Tests.Telemetry;

[Collection(nameof(Scraped))]
public sealed class MetricsListenerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_AreServedInPlainText_AndTheAddressIsInTheLog()
    {
        await using TestService service = await TestService.StartAsync(["--Telemetry:MetricsPort=0"]);
        using HttpClient http = new();

        using HttpResponseMessage answer = await http.GetAsync(new Uri($"{Scrape.AddressOf(service)}/metrics"), Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        string text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("\nverifier_selftest_passed{} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\n# TYPE verifier_calls_in_flight gauge\n", text, StringComparison.Ordinal);
        Assert.Contains(service.Log.Entries, e => e.Id.Id == 1007 && e.Text == $"Metrics on {Scrape.AddressOf(service)}");
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    public async Task NameThatWasMadeToLeadHere_IsNotAnswered(string host, HttpStatusCode expected)
    {
        await using TestService service = await TestService.StartAsync(["--Telemetry:MetricsPort=0"]);
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Get, $"{Scrape.AddressOf(service)}/metrics");
        request.Headers.Host = host;

        using HttpResponseMessage answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/metrics/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/Metrics", HttpStatusCode.NotFound)]
    [InlineData("GET", "/.well-known/jwks.json", HttpStatusCode.NotFound)]
    [InlineData("POST", "/verifier.v1.VerifierService/Verify", HttpStatusCode.NotFound)]
    [InlineData("POST", "/grpc.health.v1.Health/Check", HttpStatusCode.NotFound)]
    [InlineData("POST", "/metrics", HttpStatusCode.MethodNotAllowed)]
    public async Task T108_NothingElse_IsServedThere(string method, string path, HttpStatusCode expected)
    {
        await using TestService service = await TestService.StartAsync(["--Telemetry:MetricsPort=0", "--Tokens:Port=0"]);
        using HttpClient http = new();
        using HttpRequestMessage request = new(new HttpMethod(method), Scrape.AddressOf(service) + path);

        using HttpResponseMessage answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task T108_Methods_CannotBeReachedThere()
    {
        await using TestService service = await TestService.StartAsync(["--Telemetry:MetricsPort=0"]);
        VerifierService.VerifierServiceClient there = new(service.Channel(Scrape.AddressOf(service)));

        await Assert.ThrowsAsync<RpcException>(async () => await there.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation));

        Assert.Equal(0, service.Store.Lookups);
    }

    [Fact]
    public async Task T108_Metrics_AreServedNowhereElse()
    {
        await using TestService service = await TestService.StartAsync(["--Server:ProbePort=0", "--Telemetry:MetricsPort=0", "--Tokens:Port=0"]);
        string[] addresses = [.. service.App.Urls];
        Assert.Equal(4, addresses.Length);

        Assert.Equal([null, null, HttpStatusCode.OK, HttpStatusCode.NotFound], await Task.WhenAll(addresses.Select((address, i) => StatusAsync(address, isHttp2: i < 2))));
    }

    [Fact]
    public async Task WithoutThePort_ThereIsNoListener()
    {
        await using TestService service = await TestService.StartAsync();

        Assert.Single(service.App.Urls);
        Assert.Null(await StatusAsync(service.Address, isHttp2: true));
    }

    // The methods' listener answers in gRPC's way, with 200 and a status that tells of no such method: null here.
    private static async Task<HttpStatusCode?> StatusAsync(string address, bool isHttp2)
    {
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Get, $"{address}/metrics")
        {
            Version = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage answer = await http.SendAsync(request, Cancellation);
        string text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(answer.StatusCode == HttpStatusCode.OK, text.Contains("verifier_", StringComparison.Ordinal));
        return isHttp2 && answer.StatusCode == HttpStatusCode.NotFound ? null : answer.StatusCode;
    }
}
