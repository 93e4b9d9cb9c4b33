using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Verifier.Contracts.V1;
using Verifier.Service.Admission;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Tests.Hosting;
using Verifier.Tests.Web;

namespace Verifier.Tests.Rpc;

/// <summary>T94: what is refused at the door, and what comes in all the same.</summary>
public sealed class AdmissionDoorTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RefusedCall_IsAnsweredWithoutItsMessage_AndTellsWhenToComeBack()
    {
        await using TestService service = await TestService.StartAsync(AdmissionSituations.Small);
        AdmissionSituations.FillHouse(service);
        using HttpClient client = service.RawClient();
        using HttpRequestMessage request = new(HttpMethod.Post, "/verifier.v1.VerifierService/Verify")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new EndlessContent(),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation).WaitAsync(Soon, Cancellation);

        Assert.Equal("8", response.Headers.GetValues("grpc-status").Single());
        Google.Rpc.Status status = Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(Padded(response.Headers.GetValues("grpc-status-details-bin").Single())));
        Assert.Equal("OVERLOADED", status.GetDetail<ErrorInfo>()!.Reason);
        double hint = status.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan().TotalMilliseconds;
        Assert.InRange(hint, 100, 1000);
        Assert.Equal($"{hint}", response.Headers.GetValues("grpc-retry-pushback-ms").Single());
        Assert.Equal(0, service.Store.Lookups);
    }

    [Fact]
    public async Task RefusedJson_Is429_WithItsBodyUnread()
    {
        await using TestService service = await WebCalls.StartAsync(AdmissionSituations.Small);
        AdmissionSituations.FillHouse(service);
        Uri address = new(service.WebAddress());
        using TcpClient client = new(address.Host, address.Port);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"POST {WebCalls.VerifyPath} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"), Cancellation);

        byte[] answer = new byte[4096];
        int length = await client.GetStream().ReadAsync(answer, Cancellation).AsTask().WaitAsync(Soon, Cancellation);
        WebAnswer whole = await service.PostAsync(WebCalls.VerifyPath, WebCalls.Question());

        string head = Encoding.ASCII.GetString(answer, 0, length);
        Assert.StartsWith("HTTP/1.1 429 ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: 1\r\n", head, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.TooManyRequests, 8), (whole.Status, whole.Body.GetProperty("code").GetInt32()));
        Assert.Contains("OVERLOADED", whole.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("verdict", whole.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedAfterItsMessageWasRead_TellsTheSame()
    {
        RpcException error = await Assert.ThrowsAsync<RpcException>(AdmissionSituations.TenantShareAsync);

        Assert.Equal("TENANT_SHARE_TAKEN", error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        Assert.InRange(int.Parse(error.Trailers.GetValue("grpc-retry-pushback-ms")!, System.Globalization.CultureInfo.InvariantCulture), 100, 1000);
    }

    [Fact]
    public async Task Health_IsAnswered_AndARevocationComesIn_WhateverElseIsRefused()
    {
        await using TestService service = await TestService.StartAsync(AdmissionSituations.Small);
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);
        AdmissionSituations.FillHouse(service);

        await service.Health.CheckAsync(new(), cancellationToken: Cancellation);
        RevokeReferenceValueRequest revoke = new() { Name = "tenants/default/referenceValues/coconut-svsm-2026-11", Reason = "leaked" };
        await service.Registry.RevokeReferenceValueAsync(revoke, TestService.Registrar, cancellationToken: Cancellation);

        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
    }

    [Fact]
    public async Task OneAddressFloods_AndAVerifiedCallerBehindIt_IsStillServed()
    {
        await using TestService service = await TestService.StartAsync(AdmissionSituations.Small);
        await service.Verifier.VerifyAsync(Requests.Verify(), TestService.Registrar, cancellationToken: Cancellation);
        TaskCompletionSource hold = new();
        service.Store.Delay = _ => hold.Task;
        List<Task<VerifyResponse>> flood = [.. Enumerable.Range(0, 30).Select(_ => service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation).ResponseAsync)];
        await Task.WhenAny(flood).WaitAsync(Soon, Cancellation);

        Task<VerifyResponse> steady = service.Verifier.VerifyAsync(Requests.Verify(), TestService.Registrar, cancellationToken: Cancellation).ResponseAsync;
        await UntilAsync(() => service.Store.Lookups == 1 + 8 + 1);

        hold.SetResult();
        Assert.NotNull((await steady).Verdict);
        RpcException[] refused = [.. (await Task.WhenAll(flood.Select(ErrorOfAsync))).OfType<RpcException>()];
        Assert.Equal(30 - 8, refused.Length);
        Assert.All(refused, r => Assert.Equal("CALLER_SHARE_TAKEN", r.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
        await CalmAsync(service);
    }

    // Half of a queue of forty; whoever were counted at the door and in the queue would have a quarter.
    [Fact]
    public async Task CallThatWaitsInTheQueue_IsNoMoreOnItsWayThere()
    {
        await using TestService service = await TestService.StartAsync(["--Admission:Concurrency=1"]);
        WorkPlaces places = service.App.Services.GetRequiredService<WorkPlaces>();
        Place[] taken = [await TakeAsync(places), await TakeAsync(places)];
        List<Task<VerifyResponse>> waiting = [];
        while (waiting.Count < 20)
        {
            waiting.Add(service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation).ResponseAsync);
            await UntilAsync(() => places.Waiting == waiting.Count);
        }

        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation));
        Assert.Equal("CALLER_SHARE_TAKEN", refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        Array.ForEach(taken, t => t.Dispose());
        Assert.All(await Task.WhenAll(waiting), a => Assert.NotNull(a.Verdict));
        await CalmAsync(service);
    }

    // A call may wait long for its place. What others found meanwhile is older than it may be when at last it is judged.
    [Fact]
    public async Task T72_CallThatWaitedInTheQueue_IsNotJudgedByWhatWasFoundMeanwhile()
    {
        await using TestService service = await TestService.StartAsync(["--Admission:Concurrency=1"]);
        await service.Registry.CreateReferenceValueAsync(Requests.Create("waiting"), TestService.Registrar, cancellationToken: Cancellation);
        WorkPlaces places = service.App.Services.GetRequiredService<WorkPlaces>();
        Place[] taken = [await TakeAsync(places), await TakeAsync(places)];
        Task<VerifyResponse> waiting = service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation).ResponseAsync;
        await UntilAsync(() => places.Waiting == 1);

        Moments moments = service.App.Services.GetRequiredService<Moments>();
        MeasurementEntry found = await service.App.Services.GetRequiredService<MeasurementReader>().FindAsync(
            ReferenceNames.DefaultTenant, Requests.Measurement, [], moments.Now(), Cancellation);
        await service.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("waiting"), Reason = "leaked" }, TestService.Registrar, cancellationToken: Cancellation);
        Array.ForEach(taken, t => t.Dispose());

        Assert.Null(found.Tombstone);
        Assert.Equal(AttestationVerdict.Types.Outcome.Rejected, (await waiting).Verdict.Outcome);
        await CalmAsync(service);
    }

    [Fact]
    public async Task F49_CallsThatWaitForTheKeyService_HoldNoPlace()
    {
        await using TestService service = await TestService.StartAsync(["--Admission:Concurrency=1"]);
        TaskCompletionSource hold = new();
        service.Certificates.Delay = _ => hold.Task;
        AdmissionGate gate = service.App.Services.GetRequiredService<AdmissionGate>();
        WorkPlaces places = service.App.Services.GetRequiredService<WorkPlaces>();
        Task<VerifyResponse>[] cold = [.. Enumerable.Range(0, 20).Select(_ => service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation).ResponseAsync)];
        await UntilAsync(() => service.Certificates.Calls == 20 && gate.InFlight.Calls == 20 && places.InUse + places.Waiting == 0);

        service.Certificates.Delay = null;
        await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);

        Assert.All(cold, c => Assert.False(c.IsCompleted));
        hold.SetResult();
        Assert.All(await Task.WhenAll(cold), a => Assert.NotNull(a.Verdict));
        await CalmAsync(service);
    }

    [Fact]
    public async Task ItemsOfAStream_WaitForTheirPlace_AndAreAllAnswered()
    {
        await using TestService service = await TestService.StartAsync(AdmissionSituations.Small);
        WorkPlaces places = service.App.Services.GetRequiredService<WorkPlaces>();
        Place[] taken = [await TakeAsync(places), await TakeAsync(places)];
        using AsyncDuplexStreamingCall<VerifyStreamRequest, VerifyStreamResponse> stream = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        for (int i = 0; i < 60; i++)
        {
            await stream.RequestStream.WriteAsync(new() { Id = $"{i}", Request = Requests.Verify() }, Cancellation);
        }

        await stream.RequestStream.CompleteAsync();
        await UntilAsync(() => places.Waiting == 16);

        Assert.Equal(16, places.WaitingIn(Lane.Verify));
        Array.ForEach(taken, t => t.Dispose());
        VerifyStreamResponse[] answers = await stream.ResponseStream.ReadAllAsync(Cancellation).ToArrayAsync(Cancellation);
        Assert.Equal(60, answers.Count(a => a.Response is not null));
        await CalmAsync(service);
    }

    [Fact]
    public async Task Streams_HaveALimitOfTheirOwn()
    {
        await using TestService service = await TestService.StartAsync(["--Admission:MaxStreams=16"]);
        List<AsyncDuplexStreamingCall<VerifyStreamRequest, VerifyStreamResponse>> streams = [];
        for (int i = 0; i < 9; i++)
        {
            AsyncDuplexStreamingCall<VerifyStreamRequest, VerifyStreamResponse> stream = service.Verifier.VerifyStream(cancellationToken: Cancellation);
            streams.Add(stream);
            if (i < 8)
            {
                await stream.RequestStream.WriteAsync(new() { Id = "a", Request = Requests.Verify() }, Cancellation);
                Assert.True(await stream.ResponseStream.MoveNext(Cancellation));
            }
        }

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => streams[8].ResponseStream.MoveNext(Cancellation));
        Assert.Equal("CALLER_SHARE_TAKEN", refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        streams.ForEach(s => s.Dispose());
        await CalmAsync(service);
    }

    private static async Task<Place> TakeAsync(WorkPlaces places) => await places.EnterAsync(new Claimant(Lane.Verify, "other", "other"), null, CancellationToken.None);

    private static async Task<Exception?> ErrorOfAsync(Task call) => await Record.ExceptionAsync(() => call);

    /// <summary>Nothing is left of what was in the house.</summary>
    private static async Task CalmAsync(TestService service)
    {
        AdmissionGate gate = service.App.Services.GetRequiredService<AdmissionGate>();
        WorkPlaces places = service.App.Services.GetRequiredService<WorkPlaces>();
        await UntilAsync(() => gate.InFlight == (0, 0) && places.InUse + places.Waiting == 0);
    }

    private static async Task UntilAsync(Func<bool> holds, [CallerArgumentExpression(nameof(holds))] string? what = null)
    {
        for (long begun = Stopwatch.GetTimestamp(); !holds();)
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), $"never: {what}");
            await Task.Delay(10, Cancellation);
        }
    }

    private static string Padded(string base64) => base64.PadRight((base64.Length + 3) / 4 * 4, '=');

    /// <summary>A body that is announced and never comes.</summary>
    private sealed class EndlessContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        // Without the flush the headers wait in the client until something else is sent on the connection.
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
