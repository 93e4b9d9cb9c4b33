using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Verifier.Contracts.V1;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;

namespace Verifier.Tests.Web;

/// <summary>Calls of the web listener, byte for byte as a test wants them.</summary>
internal static class WebCalls
{
    public const string VerifyPath = "/v1/tenants/default:verify";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<TestService> StartAsync(params string[] settings) => TestService.StartAsync(["--Web:Port=0", .. settings]);

    public static string WebAddress(this TestService service) => service.App.Urls.Last();

    /// <summary>The JSON of a good question; <paramref name="spoil"/> changes its text.</summary>
    public static string Question(Func<string, string>? spoil = null)
    {
        VerifyRequest request = Requests.Verify();
        request.Expectations = new() { Image = "coconut-svsm", Constraints = new() { HostData = Requests.Bytes(32), RequiredMitigations = 1 } };
        string json = JsonFormatter.Default.Format(request);
        return spoil is null ? json : spoil(json);
    }

    public static HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content = null, bool isAdmin = true)
    {
        HttpRequestMessage request = new(method, path) { Content = content };
        if (isAdmin)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestService.Token);
        }

        return request;
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public static async Task<WebAnswer> SendAsync(this TestService service, HttpRequestMessage request, string? address = null)
    {
        using HttpClient client = new() { BaseAddress = new Uri(address ?? service.WebAddress()) };
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        byte[] body = await response.Content.ReadAsByteArrayAsync(Cancellation);
        return new WebAnswer(response.StatusCode, response.Headers, response.Content.Headers.ContentType?.ToString(), Encoding.UTF8.GetString(body));
    }

    public static Task<WebAnswer> PostAsync(this TestService service, string path, string json) => service.SendAsync(Request(HttpMethod.Post, path, Json(json)));

    public static Task<WebAnswer> PutAsync(this TestService service, string path, string json) => service.SendAsync(Request(HttpMethod.Put, path, Json(json)));

    public static Task<WebAnswer> GetAsync(this TestService service, string path) => service.SendAsync(Request(HttpMethod.Get, path));

    public static Task<WebAnswer> DeleteAsync(this TestService service, string path) => service.SendAsync(Request(HttpMethod.Delete, path));
}

/// <summary>What came back.</summary>
internal sealed record WebAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, string? ContentType, string Text)
{
    public JsonElement Body => JsonDocument.Parse(Text).RootElement;

    public string Outcome => Body.GetProperty("verdict").GetProperty("outcome").GetString()!;

    public string Message => Body.GetProperty("message").GetString()!;

    /// <summary>The reason of an error, which each has.</summary>
    public string Reason => Details("google.rpc.ErrorInfo").GetProperty("reason").GetString()!;

    /// <summary>Field and reason of the first violation.</summary>
    public (string Field, string Reason) Violation => Details("google.rpc.BadRequest").GetProperty("fieldViolations")[0] is var first
        ? (first.GetProperty("field").GetString()!, first.GetProperty("reason").GetString()!)
        : default;

    private JsonElement Details(string type) => Body.GetProperty("details").EnumerateArray().Single(d => d.GetProperty("@type").GetString() == $"type.googleapis.com/{type}");
}
