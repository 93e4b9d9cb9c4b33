using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Web;

/// <summary>JSON over HTTP with the whole service behind: store, log and TLS.</summary>
public sealed class WebTests
{
    private static readonly Scenario Guest = Scenario.Vcek();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task GuestIsJudgedOverTls_AsOverGrpc(string version)
    {
        using ServerCertificate certificate = new();
        await using RunningService service = await RunningService.StartAsync([.. certificate.Settings, "--Web:Port=0"], Guest.Amd.Roots);
        using HttpClient client = certificate.Client(service.WebAddress);
        client.DefaultRequestVersion = new Version(version);
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        VerifyRequest question = Requests.Verify(Guest, Guest.Certificates);

        VerifyResponse before = await AskAsync(client, question);
        ReferenceValue value = Requests.Create("guest", Guest.Report.Measurement).ReferenceValue;
        HttpResponseMessage created = await SendAsync(client, HttpMethod.Post, "/v1/tenants/default/referenceValues?referenceValueId=guest", JsonFormatter.Default.Format(value));
        VerifyResponse after = await AskAsync(client, question);

        Assert.Equal(HttpStatusCode.OK, created.StatusCode);
        Assert.Equal(new Version(version), created.Version);
        Assert.Equal(
            (AttestationVerdict.Types.Outcome.Rejected, AttestationVerdict.Types.Outcome.Accepted), (before.Verdict.Outcome, after.Verdict.Outcome));
    }

    [Fact]
    public async Task Changes_ComeAsLinesOfJson_AsTheyAreMade()
    {
        await using RunningService service = await RunningService.StartAsync(["--Web:Port=0"]);
        using HttpClient client = new() { BaseAddress = new Uri(service.WebAddress) };
        await service.RegisterAsync("first", Guest.Report.Measurement);
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/tenants/default/referenceValues:watch?fromStart=true");

        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using StreamReader lines = new(await response.Content.ReadAsStreamAsync(Cancellation));
        List<string> seen = [];
        await NextAsync(lines, seen);
        await service.RegisterAsync("second", [.. Guest.Report.Measurement[..47], 1]);
        await NextAsync(lines, seen);

        Assert.Equal(["tenants/default/referenceValues/first", "tenants/default/referenceValues/second"], seen);
    }

    // Lines without a change only say that the stream stands.
    private static async Task NextAsync(StreamReader lines, List<string> seen)
    {
        for (int before = seen.Count; seen.Count == before;)
        {
            string line = await lines.ReadLineAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancellation) ?? throw new EndOfStreamException();
            using JsonDocument told = JsonDocument.Parse(line);
            if (told.RootElement.TryGetProperty("change", out JsonElement change) && change.ValueKind == JsonValueKind.Object)
            {
                seen.Add(change.GetProperty("referenceValue").GetProperty("name").GetString()!);
            }
        }
    }

    private static async Task<VerifyResponse> AskAsync(HttpClient client, VerifyRequest question)
    {
        HttpResponseMessage response = await SendAsync(client, HttpMethod.Post, "/v1/tenants/default:verify", JsonFormatter.Default.Format(question));
        return JsonParser.Default.Parse<VerifyResponse>(await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string json)
    {
        using HttpRequestMessage request = new(method, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(RunningService.Registrar.Get("authorization")!.Value);
        return await client.SendAsync(request, Cancellation);
    }
}
