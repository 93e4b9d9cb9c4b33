using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Rpc;

/// <summary>What no gRPC library would send.</summary>
public sealed class TransportTests
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(b => b, b => b);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task T91_MessageOverTheLimit_IsRefusedByItsLength_NotByItsBytes()
    {
        await using TestService service = await TestService.StartAsync();

        // Says 1 GiB, sends four bytes.
        HttpResponseMessage response = await PostAsync(service, [0, 0x40, 0, 0, 0, 1, 2, 3, 4]);

        Assert.Equal("8", Status(response));
    }

    [Fact]
    public async Task T92_CompressedBomb_IsNotUnpacked()
    {
        await using TestService service = await TestService.StartAsync();
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[60_000_000], Cancellation);
        }

        long allocated = await Allocations.LeastOfAsync(
            async () => Assert.Equal("12", Status(await PostAsync(service, Framed(packed.ToArray(), flag: 1), "gzip"))), 20_000_000);

        Assert.InRange(allocated, 0, 20_000_000);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 })]
    [InlineData(new byte[] { 7, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public async Task T93_BadFraming_IsTheCallersFault(byte[] body)
    {
        await using TestService service = await TestService.StartAsync();

        HttpResponseMessage response = await PostAsync(service, body);

        Assert.Equal("3", Status(response));
        Assert.Equal("the request is not a well-formed message", Uri.UnescapeDataString(Header(response, "grpc-message")));
    }

    [Fact]
    public async Task T93_RandomAndNestedMessages_AreTheCallersFault()
    {
        await using TestService service = await TestService.StartAsync();
        CallInvoker invoker = service.Channel().CreateCallInvoker();
        Random random = new(1);
        List<byte[]> messages = [Nested(300)];
        for (int i = 0; i < 300; i++)
        {
            byte[] message = new byte[random.Next(1, 200)];
            random.NextBytes(message);
            messages.Add(message);
        }

        foreach (byte[] message in messages)
        {
            RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await invoker.AsyncUnaryCall(
                new Method<byte[], byte[]>(MethodType.Unary, "verifier.v1.VerifierService", "Verify", Raw, Raw), null, new CallOptions(cancellationToken: Cancellation), message));
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        }
    }

    [Fact]
    public async Task T97_HugeHeaders_AreRefused_AndOthersAreServed()
    {
        await using TestService service = await TestService.StartAsync();
        using HttpClient client = service.RawClient();
        using HttpRequestMessage request = Request(Framed([]));
        request.Headers.Add("x-large", new string('a', 40_000));

        Exception? error = await Record.ExceptionAsync(async () =>
        {
            HttpResponseMessage response = await client.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
        });

        Assert.True(error is null or HttpRequestException, $"{error}");
        await service.Health.CheckAsync(new(), cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData("/verifier.v1.VerifierService/Verify")]
    [InlineData("/Verifier.V1.VerifierService/verify")]
    public async Task T98_SlowBody_IsEndedByTheServersDeadline(string path)
    {
        await using TestService service = await TestService.StartAsync(["--Server:DefaultDeadline=00:00:00.5", "--Server:MinBodyRate=1"]);
        using HttpClient client = service.RawClient();
        using HttpRequestMessage request = Request([]);
        request.RequestUri = new Uri(path, UriKind.Relative);
        request.Content = new SlowContent();
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        // Half of the time that the body takes, and by nothing but the deadline: the body comes quickly enough.
        string outcome = await OutcomeAsync(client, request).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        Assert.Contains(outcome, new[] { "4", "reset" });
    }

    private static async Task<string> OutcomeAsync(HttpClient client, HttpRequestMessage request)
    {
        try
        {
            HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, Cancellation);
            return Status(response);
        }
        catch (HttpRequestException)
        {
            return "reset";
        }
    }

    private static byte[] Nested(int levels)
    {
        byte[] message = [];
        for (int i = 0; i < levels; i++)
        {
            message = [0x12, .. Varint(message.Length), .. message];
        }

        return message;
    }

    private static byte[] Varint(int value) => value < 128 ? [(byte)value] : [(byte)(value & 0x7F | 0x80), .. Varint(value >> 7)];

    private static byte[] Framed(byte[] message, byte flag = 0) =>
        [flag, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static HttpRequestMessage Request(byte[] body)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/verifier.v1.VerifierService/Verify")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.Add("te", "trailers");
        return request;
    }

    private static async Task<HttpResponseMessage> PostAsync(TestService service, byte[] body, string? encoding = null)
    {
        using HttpClient client = service.RawClient();
        using HttpRequestMessage request = Request(body);
        if (encoding is not null)
        {
            request.Headers.Add("grpc-encoding", encoding);
        }

        return await client.SendAsync(request, Cancellation);
    }

    private static string Status(HttpResponseMessage response) => Header(response, "grpc-status");

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) || response.TrailingHeaders.TryGetValues(name, out values) ? values.Single() : "";

    private sealed class SlowContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[] { 0, 0, 0, 4, 0 });
            for (int i = 0; i < 600; i++)
            {
                await stream.WriteAsync(new byte[1]);
                await stream.FlushAsync();
                await Task.Delay(100);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
