using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Web;

/// <summary>Requests that are meant to harm: each is answered by a refusal or a closed connection, soon, and others are served on.</summary>
public sealed class HostileHttpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task T91_LargeBody_IsNotRead(bool isChunked)
    {
        await using TestService service = await WebCalls.StartAsync();
        HttpContent content = new StringContent($"{{\"tenant\":\"{new string('a', 10_000_000)}\"}}", Encoding.UTF8, "application/json");
        using HttpRequestMessage request = WebCalls.Request(HttpMethod.Post, WebCalls.VerifyPath, content);
        request.Headers.TransferEncodingChunked = isChunked;

        string outcome = await OutcomeAsync(service, request);

        Assert.Contains(outcome, new[] { "413 REQUEST_TOO_LARGE", "closed" });
        await ServesOnAsync(service);
    }

    [Fact]
    public async Task T91_MessageOverTheLimit_IsRefusedAlsoWhereItsTextIsNot()
    {
        await using TestService service = await WebCalls.StartAsync("--Server:MaxRequestBytes=65536");
        string pem = new('a', 70_000);

        WebAnswer answer = await service.PostAsync(WebCalls.VerifyPath, "{\"evidence\":{\"snp\":{\"report\":\"AA==\",\"pem\":\"" + pem + "\"}}}");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "REQUEST_TOO_LARGE"), (answer.Status, answer.Reason));
    }

    [Fact]
    public async Task T92_PackedBody_IsNotUnpacked()
    {
        await using TestService service = await WebCalls.StartAsync();
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[60_000_000], Cancellation);
        }

        long allocated = await Rpc.Allocations.LeastOfAsync(SendPackedAsync, 20_000_000);

        Assert.InRange(allocated, 0, 20_000_000);

        async Task SendPackedAsync()
        {
            ByteArrayContent content = new(packed.ToArray());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            content.Headers.ContentEncoding.Add("gzip");
            using HttpRequestMessage request = WebCalls.Request(HttpMethod.Post, WebCalls.VerifyPath, content);
            WebAnswer answer = await service.SendAsync(request);
            Assert.Equal((HttpStatusCode.UnsupportedMediaType, "ENCODING_NOT_SUPPORTED"), (answer.Status, answer.Reason));
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/ld+json")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=nonsense")]
    [InlineData(null)]
    public async Task BodyThatAFormCouldSend_IsRefused(string? type)
    {
        await using TestService service = await WebCalls.StartAsync();
        ByteArrayContent content = new(Encoding.UTF8.GetBytes("{}"));
        content.Headers.TryAddWithoutValidation("Content-Type", type is null ? [] : [type]);

        using HttpRequestMessage request = WebCalls.Request(HttpMethod.Post, WebCalls.VerifyPath, content);
        WebAnswer answer = await service.SendAsync(request);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "ENCODING_NOT_SUPPORTED"), (answer.Status, answer.Reason));
    }

    [Fact]
    public async Task T93_InvalidUtf8_IsTheCallersFault()
    {
        await using TestService service = await WebCalls.StartAsync();
        foreach (byte[] bad in new byte[][] { [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82] })
        {
            ByteArrayContent content = new([.. "{\"tenant\":\""u8, .. bad, .. "\"}"u8]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpRequestMessage request = WebCalls.Request(HttpMethod.Post, WebCalls.VerifyPath, content);
            WebAnswer answer = await service.SendAsync(request);
            Assert.Equal((HttpStatusCode.BadRequest, "MALFORMED_MESSAGE"), (answer.Status, answer.Reason));
        }
    }

    [Fact]
    public async Task T93_RandomBodies_AreTheCallersFault()
    {
        await using TestService service = await WebCalls.StartAsync();
        Random random = new(1);
        string good = WebCalls.Question();
        for (int i = 0; i < 200; i++)
        {
            char[] text = good.ToCharArray();
            text[random.Next(text.Length)] = (char)random.Next(32, 127);
            WebAnswer answer = await service.PostAsync(WebCalls.VerifyPath, new string(text));

            // Only a change of what the evidence says can leave a question that is judged, and none is accepted: nothing is registered.
            Assert.True(answer.Status == HttpStatusCode.BadRequest ? answer.Reason.Length > 0 : answer.Outcome == "OUTCOME_REJECTED", answer.Text);
        }
    }

    [Theory]
    [InlineData("POST /v1/tenants/default:verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n")]
    [InlineData("POST /v1/tenants/default:verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("POST /v1/tenants/default:verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}")]
    [InlineData("POST /v1/tenants/default:verify HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("GET /v1/tenants HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx")]
    [InlineData("GET /v1/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /v1/../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task T93_BadHttp_IsRefused_AndNeverAServersFault(string request)
    {
        await using TestService service = await WebCalls.StartAsync();

        string answer = await RawAsync(service, request);

        Assert.DoesNotMatch(@"^HTTP/1\.[01] [^4]", answer);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        await ServesOnAsync(service);
    }

    [Fact]
    public async Task T98_SlowBody_IsEndedByTheServersDeadline()
    {
        await using TestService service = await WebCalls.StartAsync("--Server:DefaultDeadline=00:00:00.5");

        string answer = await RawAsync(service, "POST /v1/tenants/default:verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{", "DEADLINE_EXCEEDED");

        Assert.StartsWith("HTTP/1.1 504 ", answer, StringComparison.Ordinal);
        Assert.Contains("DEADLINE_EXCEEDED", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T97_HugeHeaders_AreRefused()
    {
        await using TestService service = await WebCalls.StartAsync();

        string answer = await RawAsync(service, $"GET /v1/tenants HTTP/1.1\r\nHost: localhost\r\nX-Large: {new string('a', 40_000)}\r\n\r\n");

        Assert.Matches(@"^(HTTP/1\.1 431 |$)", answer.Split('\n')[0]);
        await ServesOnAsync(service);
    }

    private static async Task ServesOnAsync(TestService service) =>
        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync(WebCalls.VerifyPath, WebCalls.Question())).Status);

    private static async Task<string> OutcomeAsync(TestService service, HttpRequestMessage request)
    {
        try
        {
            WebAnswer answer = await service.SendAsync(request);
            return $"{(int)answer.Status} {answer.Reason}";
        }
        catch (HttpRequestException)
        {
            return "closed";
        }
    }

    // Sends as it is and reads until the service closes, which it is asked to do by the end of what is sent, or has answered with a text.
    private static async Task<string> RawAsync(TestService service, string request, string until = "\r\n\r\n")
    {
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", new Uri(service.WebAddress()).Port, Cancellation);
        NetworkStream stream = client.GetStream();
        byte[] answer = new byte[8192];
        int length = 0;
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancellation);
            int read;
            do
            {
                read = await stream.ReadAsync(answer.AsMemory(length), Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
                length += read;
            }
            while (read > 0 && !Encoding.ASCII.GetString(answer, 0, length).Contains(until, StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // Closed at once.
        }

        return Encoding.ASCII.GetString(answer, 0, length);
    }
}
