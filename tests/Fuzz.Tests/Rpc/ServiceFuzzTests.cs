using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Verifier.Fuzz.Tests.Mutators;
using Verifier.Fuzz.Tests.Reports;
using Verifier.Fuzz.Tests.Rig;
using Verifier.Service.Hosting;

namespace Verifier.Fuzz.Tests.Rpc;

/// <summary>
/// Mutants of requests are sent to a whole service in this process, over HTTP/2, with the administrator's rights: whatever comes, the answer is
/// one of the contract's, and the service serves on.
/// </summary>
public sealed class ServiceFuzzTests
{
    [Fact]
    [Trait("target", "service")]
    public async Task Calls_EndWithATypedStatus()
    {
        await using ServiceTarget target = await ServiceTarget.StartAsync();
        FuzzDriver.Run(target);
        Assert.Empty(target.Errors);
    }
}

/// <summary>Calls of a running service.</summary>
internal sealed class ServiceTarget : FormatTarget, IAsyncDisposable
{
    private const string Token = "admin-token-for-fuzzing-0123456789abcdef";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(b => b, b => b);

    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-fuzz-").FullName;
    private readonly ErrorLog _log = new();
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    private ServiceTarget() => Formats = [.. Readers.All.Select(r => new Format(r.Name, r.Seeds, WireMutator.Mutate, (input, _) => Call(r, input)))];

    public override string Name => "service";

    public override int FewestKinds => 40;

    // Work is done on many threads, so this is the client's part only.
    public override long MostAllocated => long.MaxValue;

    public override bool IsOnOneThread => false;

    // Changes are synced to the disk, and the machine's other work is in it.
    public override TimeSpan MostTime => TimeSpan.FromSeconds(1);

    // What an input meets in the store depends on those before it.
    public override bool IsKept => false;

    public override IReadOnlyList<Format> Formats { get; }

    /// <summary>What the service logged as an error: a defect by its own word.</summary>
    public IReadOnlyCollection<string> Errors => _log.Lines;

    public static async Task<ServiceTarget> StartAsync()
    {
        ServiceTarget target = new();
        string tokenFile = Path.Combine(target._folder, "token");
        await File.WriteAllTextAsync(tokenFile, Token + "\n");
        string[] settings =
        [
            "--Server:Port=0", $"--Store:DataDirectory={Path.Combine(target._folder, "data")}", $"--Identity:StateDirectory={Path.Combine(target._folder, "state")}",
            $"--Identity:AdminTokenFile={tokenFile}", "--Kds:Mode=Offline",
        ];
        target._app = VerifierApp.Create(settings, builder =>
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(SimulatedGuests.Roots));
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(target._log);
        });
        await target._app.StartAsync();
        target._channel = GrpcChannel.ForAddress(target._app.Urls.First());
        return target;
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Call(RequestReader reader, byte[] request)
    {
        try
        {
            CallAsync(reader, request).GetAwaiter().GetResult();
            return "answered";
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Cancelled)
        {
            // A watch has no end of its own.
            return reader.Kind == MethodType.ServerStreaming ? "watched" : throw new InvalidOperationException("the call ended without an answer", e);
        }
        catch (RpcException refusal)
        {
            return Kind(Answers.Kind(refusal));
        }
    }

    private async Task CallAsync(RequestReader reader, byte[] request)
    {
        string[] path = reader.Path.Split('/');
        Method<byte[], byte[]> method = new(reader.Kind, path[1], path[2], Bytes, Bytes);
        CallInvoker calls = _channel.CreateCallInvoker();
        using CancellationTokenSource end = new(reader.Name.StartsWith("Watch", StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(20) : Timeout.InfiniteTimeSpan);
        CallOptions options = new(new Metadata { { "authorization", $"Bearer {Token}" } }, DateTime.UtcNow + Patience, end.Token);
        switch (reader.Kind)
        {
            case MethodType.Unary:
                await calls.AsyncUnaryCall(method, null, options, request);
                break;
            case MethodType.ClientStreaming:
                using (AsyncClientStreamingCall<byte[], byte[]> upload = calls.AsyncClientStreamingCall(method, null, options))
                {
                    await SendAsync(upload.RequestStream, request);
                    await upload;
                }

                break;
            case MethodType.ServerStreaming:
                using (AsyncServerStreamingCall<byte[]> download = calls.AsyncServerStreamingCall(method, null, options, request))
                {
                    try
                    {
                        await DrainAsync(download.ResponseStream);
                    }
                    catch (RpcException e) when (end.IsCancellationRequested && e.Status.DebugException is IOException)
                    {
                        // This end has left in the middle of a read, which is not always told as that.
                        throw new RpcException(new Status(StatusCode.Cancelled, "left"));
                    }
                }

                break;
            default:
                using (AsyncDuplexStreamingCall<byte[], byte[]> both = calls.AsyncDuplexStreamingCall(method, null, options))
                {
                    await SendAsync(both.RequestStream, request);
                    await DrainAsync(both.ResponseStream);
                }

                break;
        }
    }

    // The service may have answered before it has read everything.
    private static async Task SendAsync(IClientStreamWriter<byte[]> stream, byte[] request)
    {
        try
        {
            await stream.WriteAsync(request);
            await stream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
        }
    }

    private static async Task DrainAsync(IAsyncStreamReader<byte[]> stream)
    {
        while (await stream.MoveNext(CancellationToken.None))
        {
        }
    }

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && _lines.Count < 20)
            {
                _lines.Enqueue($"{eventId}: {formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
