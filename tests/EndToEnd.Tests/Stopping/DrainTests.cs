using System.Diagnostics;
using System.Net.Sockets;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using HealthClient = Grpc.Health.V1.Health.HealthClient;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;
using Status = Google.Rpc.Status;
using StreamCall = Grpc.Core.AsyncDuplexStreamingCall<Verifier.Contracts.V1.VerifyStreamRequest, Verifier.Contracts.V1.VerifyStreamResponse>;
using Upload = Grpc.Core.AsyncClientStreamingCall<Verifier.Contracts.V1.RegisterIgvmRequest, Verifier.Contracts.V1.RegisterIgvmResponse>;
using Watching = Grpc.Core.AsyncServerStreamingCall<Verifier.Contracts.V1.WatchReferenceValuesResponse>;

namespace Verifier.EndToEnd.Tests.Stopping;

/// <summary>What callers see when a service, as a process of its own, is told to stop by SIGTERM.</summary>
public sealed class DrainTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-drain-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task F35_Sigterm_TellsFirst_ServesOn_EndsStreams_FinishesCalls_AndEndsWithZero()
    {
        await using ServiceProcess service = await StartAsync("00:00:12");
        using GrpcChannel channel = service.Connect();
        RegistryService.RegistryServiceClient registry = new(channel);
        using AsyncServerStreamingCall<HealthCheckResponse> health = new HealthClient(channel).Watch(new(), cancellationToken: Cancellation);
        Assert.Equal(ServingStatus.Serving, (await NextAsync(health.ResponseStream)).Status);
        using Watching watch = registry.WatchReferenceValues(new(), ServiceProcess.Credentials, cancellationToken: Cancellation);
        Assert.Null((await NextAsync(watch.ResponseStream)).Change);
        using StreamCall stream = new VerifierService.VerifierServiceClient(channel).VerifyStream(ServiceProcess.Credentials, cancellationToken: Cancellation);
        await AskAsync(stream, "before");
        using Upload upload = await BeginUploadAsync(registry, "in-flight");

        await service.TerminateAsync();

        Assert.Equal(ServingStatus.NotServing, (await NextAsync(health.ResponseStream)).Status);

        // Who has not heard it yet is served as ever, on connections old and new; being told again does not hasten anything.
        await service.TerminateAsync();
        using GrpcChannel late = service.Connect();
        Assert.Equal(ServingStatus.NotServing, (await new HealthClient(late).CheckAsync(new(), cancellationToken: Cancellation)).Status);
        await new RegistryService.RegistryServiceClient(late).CreateReferenceValueAsync(
            Requests.Create("late", [1, .. new byte[47]]), ServiceProcess.Credentials, cancellationToken: Cancellation);
        Assert.Equal("create", (await NextAsync(watch.ResponseStream)).Change.Action);
        await AskAsync(stream, "after");

        // Then streams end with word of why, and the listener is closed.
        await AssertSentAwayAsync(health.ResponseStream);
        await AssertSentAwayAsync(watch.ResponseStream);
        await AssertSentAwayAsync(stream.ResponseStream);
        await AssertClosedAsync(service.Port);

        // A call in flight is still answered.
        Assert.Equal("tenants/default/referenceValues/in-flight", (await FinishAsync(upload)).ReferenceValue.Name);
        Assert.Equal(0, await service.ExitAsync(Long));
    }

    [Fact]
    public async Task CallThatDoesNotEnd_IsCutOffAfterTheTimeout_AndTheServiceEndsWithZero()
    {
        await using ServiceProcess service = await StartAsync("00:00:00", "00:00:02");
        using GrpcChannel channel = service.Connect();
        using Upload upload = await BeginUploadAsync(new RegistryService.RegistryServiceClient(channel), "endless");
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task trickle = TrickleAsync(upload, ended.Token);

        await service.TerminateAsync();

        Assert.Equal(0, await service.ExitAsync(Long));
        await Assert.ThrowsAnyAsync<RpcException>(async () => await upload);
        await ended.CancelAsync();
        await trickle;
    }

    [Fact]
    public async Task HealthWatchersAlone_DoNotHoldUpTheEnd()
    {
        await using ServiceProcess service = await StartAsync("00:00:00", "00:05:00");
        using GrpcChannel channel = service.Connect();
        using AsyncServerStreamingCall<HealthCheckResponse> health = new HealthClient(channel).Watch(new(), cancellationToken: Cancellation);
        Assert.Equal(ServingStatus.Serving, (await NextAsync(health.ResponseStream)).Status);

        await service.TerminateAsync();

        Assert.Equal(ServingStatus.NotServing, (await NextAsync(health.ResponseStream)).Status);
        await AssertSentAwayAsync(health.ResponseStream);
        Assert.Equal(0, await service.ExitAsync(Long));
    }

    private Task<ServiceProcess> StartAsync(string delay, string timeout = "00:01:00") => ServiceProcess.StartAsync(
        _folder, $"--Store:DataDirectory={Path.Combine(_folder, "data")}", $"--Server:DrainDelay={delay}", $"--Server:DrainTimeout={timeout}");

    private static async Task<T> NextAsync<T>(IAsyncStreamReader<T> stream)
    {
        Assert.True(await stream.MoveNext(Cancellation).WaitAsync(Long, Cancellation));
        return stream.Current;
    }

    private static async Task AssertSentAwayAsync<T>(IAsyncStreamReader<T> stream)
    {
        RpcException end = await Assert.ThrowsAsync<RpcException>(() => NextAsync(stream));
        Status? status = end.GetRpcStatus();
        Assert.Equal((StatusCode.Unavailable, "SHUTTING_DOWN"), (end.StatusCode, status?.GetDetail<ErrorInfo>()?.Reason));
        Assert.NotNull(status?.GetDetail<RetryInfo>());
    }

    private static async Task AskAsync(StreamCall stream, string id)
    {
        await stream.RequestStream.WriteAsync(new VerifyStreamRequest { Id = id, Request = Requests.Verify(new byte[1184], null) }, Cancellation);
        Assert.Equal(id, (await NextAsync(stream.ResponseStream)).Id);
    }

    private static async Task<Upload> BeginUploadAsync(RegistryService.RegistryServiceClient registry, string id)
    {
        // The deadline is the caller's: a call with none gets a short one, which is not what this is about.
        Upload upload = registry.RegisterIgvm(ServiceProcess.Credentials, DateTime.UtcNow.AddMinutes(4), Cancellation);
        await upload.RequestStream.WriteAsync(new() { Registration = new() { ReferenceValueId = id, Image = "image", Version = "1", Kind = LaunchKind.SvsmIgvm } }, Cancellation);
        await upload.ResponseHeadersAsync.WaitAsync(TimeSpan.FromMilliseconds(500), Cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
        return upload;
    }

    private static async Task<RegisterIgvmResponse> FinishAsync(Upload upload)
    {
        await upload.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(Samples.Read("sample.igvm")) }, Cancellation);
        await upload.RequestStream.CompleteAsync();
        return await upload;
    }

    /// <summary>Sends on, so slowly that the largest file would take minutes.</summary>
    private static async Task TrickleAsync(Upload upload, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await upload.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(new byte[65536]) }, cancellation);
                await Task.Delay(200, cancellation);
            }
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or InvalidOperationException or IOException)
        {
            // Cut off.
        }
    }

    private static async Task AssertClosedAsync(int port)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            using TcpClient client = new();
            try
            {
                await client.ConnectAsync("127.0.0.1", port, Cancellation);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // The listener was closed with this one in its queue.
            }

            Assert.True(watch.Elapsed < Long, "The listener takes new connections still.");
            await Task.Delay(50, Cancellation);
        }
    }
}
