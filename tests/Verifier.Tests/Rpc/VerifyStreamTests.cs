using System.Diagnostics;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Verifier.Contracts.V1;
using Verifier.Service.Registry;
using Verifier.Service.Rpc;
using Verifier.Service.Rpc.Errors;
using Verifier.Tests.Hosting;
using Call = Grpc.Core.AsyncDuplexStreamingCall<Verifier.Contracts.V1.VerifyStreamRequest, Verifier.Contracts.V1.VerifyStreamResponse>;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;
using Result = Verifier.Contracts.V1.VerifyStreamResponse.ResultOneofCase;

namespace Verifier.Tests.Rpc;

public sealed class VerifyStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Items_AreAnsweredByTheirIds()
    {
        await using TestService service = await RegisteredAsync();
        VerifyRequest forged = Requests.Verify();
        forged.Evidence.Snp.Report = Changed(forged.Evidence.Snp.Report, 0x90);

        Dictionary<string, VerifyStreamResponse> answers = await AskAsync(service, ("good", Requests.Verify()), ("forged", forged), ("again", Requests.Verify()));

        Assert.Equal(3, answers.Count);
        Assert.Equal(Outcome.Accepted, answers["good"].Response.Verdict.Outcome);
        Assert.Equal(Outcome.Accepted, answers["again"].Response.Verdict.Outcome);
        Assert.Equal(AttestationVerdict.Types.Rejection.NotAuthentic, answers["forged"].Response.Verdict.Rejection);
    }

    [Fact]
    public async Task BadItems_AreAnsweredAsVerifyWouldHaveEnded_AndEndNothing()
    {
        await using TestService service = await RegisteredAsync();
        VerifyRequest unbound = Requests.Verify(), foreign = Requests.Verify(), cut = Requests.Verify(), newer = Requests.Verify(), large = Requests.Verify();
        unbound.Binding = null;
        foreign.Tenant = "another";
        cut.Evidence.Snp.Report = ByteString.CopyFrom(cut.Evidence.Snp.Report.Span[..^1]);
        newer.MergeFrom(new byte[] { 0xFA, 0x3F, 0x00 });
        large.Evidence.Snp.RevocationLists.Add(Requests.Bytes(513 * 1024));

        Dictionary<string, VerifyStreamResponse> answers = await AskAsync(
            service,
            ("unbound", unbound), ("foreign", foreign), ("cut", cut), ("newer", newer), ("large", large), ("empty", null), (new string('x', 129), Requests.Verify()), ("good", Requests.Verify()));

        Assert.Equal(Outcome.Accepted, answers["good"].Response.Verdict.Outcome);
        MustBe(answers["unbound"], StatusCode.InvalidArgument, "INVALID_REQUEST", "binding: is required: the policy does not allow unbound reports");
        MustBe(answers["cut"], StatusCode.InvalidArgument, "MALFORMED_EVIDENCE", "evidence.snp.report: ");
        MustBe(answers["newer"], StatusCode.InvalidArgument, "UNKNOWN_FIELDS", "the request has fields");
        MustBe(answers["large"], StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE", "the request is larger");
        MustBe(answers["empty"], StatusCode.InvalidArgument, "INVALID_REQUEST", "request: is required");
        MustBe(answers[""], StatusCode.InvalidArgument, "INVALID_REQUEST", "id: must be at most 128 characters long, is 129");
        Assert.Equal((Result.Error, (int)StatusCode.NotFound), (answers["foreign"].ResultCase, answers["foreign"].Error.Code));
    }

    [Fact]
    public async Task StoreAway_IsAnErrorOfTheItem_NeverAVerdict()
    {
        await using TestService service = await RegisteredAsync();
        using Call call = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        service.Store.Fault = new StoreUnavailableException("away");
        VerifyStreamResponse failed = await AskAsync(call, "1");
        service.Store.Fault = null;
        VerifyStreamResponse judged = await AskAsync(call, "2");

        MustBe(failed, StatusCode.Unavailable, "STORE_UNAVAILABLE", "the registry cannot be asked");
        Assert.NotNull(failed.Error.GetDetail<RetryInfo>());
        Assert.Equal(Outcome.Accepted, judged.Response.Verdict.Outcome);
    }

    [Fact]
    public async Task DefectInOneItem_IsAnErrorOfTheItem_AndIsLogged()
    {
        await using TestService service = await RegisteredAsync();
        service.ExpectedErrors.Add(2000);
        service.Store.Delay = _ => throw new InvalidOperationException("secret path /etc/verifier");
        using Call call = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        VerifyStreamResponse failed = await AskAsync(call, "1");
        service.Store.Delay = null;

        MustBe(failed, StatusCode.Internal, "INTERNAL_DEFECT", "a defect of the service; nothing was decided");
        Assert.Equal(Outcome.Accepted, (await AskAsync(call, "2")).Response.Verdict.Outcome);
    }

    [Fact]
    public async Task QuickItem_OvertakesASlowOne()
    {
        await using TestService service = await RegisteredAsync();
        TaskCompletionSource slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        service.Store.Delay = token => slow.Task.WaitAsync(token);
        using Call call = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        await SendAsync(call, "slow", Requests.Verify());
        await UntilAsync(() => service.Store.Lookups == 1);
        service.Store.Delay = null;

        VerifyStreamResponse first = await AskAsync(call, "quick");
        slow.SetResult();

        Assert.Equal("quick", first.Id);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal("slow", call.ResponseStream.Current.Id);
    }

    [Fact]
    public async Task T94_NoMoreItemsAreTakenThanAreJudgedAtATime()
    {
        await using TestService service = await RegisteredAsync();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        service.Certificates.Delay = token => gate.Task.WaitAsync(token);
        using Call call = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        const int Items = 3 * VerifyStreamRpc.MostAtOnce;
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < Items; i++)
            {
                await SendAsync(call, $"{i}", Requests.Verify());
            }

            await call.RequestStream.CompleteAsync();
        }, Cancellation);

        await UntilAsync(() => service.Certificates.Calls == VerifyStreamRpc.MostAtOnce);
        await Task.Delay(200, Cancellation);
        Assert.Equal(VerifyStreamRpc.MostAtOnce, service.Certificates.Calls);
        gate.SetResult();

        Assert.Equal(Items, (await ReadAsync(call)).Count);
        await sending;
    }

    [Fact]
    public async Task ItemThatTakesTooLong_IsAnErrorOfTheItem()
    {
        await using TestService service = await RegisteredAsync();
        service.Store.Delay = token => Task.Delay(Timeout.Infinite, token);
        using Call call = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        await SendAsync(call, "slow", Requests.Verify());
        await UntilAsync(() => service.Store.Lookups == 1);
        service.Store.Delay = null;
        service.Clock.Advance(TimeSpan.FromSeconds(11));

        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        MustBe(call.ResponseStream.Current, StatusCode.DeadlineExceeded, "ITEM_TIMEOUT", "the item was not judged in time");
        Assert.Equal(Outcome.Accepted, (await AskAsync(call, "next")).Response.Verdict.Outcome);
    }

    [Fact]
    public async Task Stream_OutlivesTheDeadlineOfSingleCalls()
    {
        await using TestService service = await TestService.StartAsync(["--Server:DefaultDeadline=00:00:00.3"]);
        using Call call = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        await Task.Delay(700, Cancellation);

        Assert.Equal(Result.Response, (await AskAsync(call, "late")).ResultCase);
    }

    // The right was asked for when it began.
    [Fact]
    public async Task T78_Stream_EndsAfterAnHour_HoweverBusyItIs()
    {
        await using TestService service = await RegisteredAsync();
        using Call call = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        for (int minutes = 0; minutes < 60; minutes += 4)
        {
            Assert.Equal(Result.Response, (await AskAsync(call, $"{minutes}")).ResultCase);
            if (minutes < 56)
            {
                service.Clock.Advance(TimeSpan.FromMinutes(4));
            }
        }

        RpcException end = await EndAsync(call, () => service.Clock.Advance(TimeSpan.FromMinutes(4)));
        Assert.Equal((StatusCode.Unavailable, "STREAM_ENDED"), (end.StatusCode, Reason(end)));
    }

    [Fact]
    public async Task T99_StreamWithoutItems_Ends()
    {
        await using TestService service = await RegisteredAsync();
        using Call call = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        await AskAsync(call, "1");
        service.Clock.Advance(TimeSpan.FromMinutes(4));
        await AskAsync(call, "2");

        RpcException end = await EndAsync(call, () => service.Clock.Advance(TimeSpan.FromMinutes(1)));

        Assert.Equal((StatusCode.DeadlineExceeded, "STREAM_IDLE"), (end.StatusCode, Reason(end)));
    }

    [Fact]
    public async Task Draining_AnswersWhatWasRead_AndSendsTheRestElsewhere()
    {
        await using TestService service = await RegisteredAsync();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        service.Store.Delay = token => gate.Task.WaitAsync(token);
        using Call call = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        await SendAsync(call, "read", Requests.Verify());
        await UntilAsync(() => service.Store.Lookups == 1);

        Task stopping = service.App.StopAsync(Cancellation);
        await Task.Delay(50, Cancellation);
        gate.SetResult();

        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(("read", Outcome.Accepted), (call.ResponseStream.Current.Id, call.ResponseStream.Current.Response.Verdict.Outcome));
        RpcException end = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal((StatusCode.Unavailable, "SHUTTING_DOWN"), (end.StatusCode, Reason(end)));
        Assert.NotNull(end.GetRpcStatus()!.GetDetail<RetryInfo>());
        await stopping.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task T93_BytesThatAreNoMessage_EndTheStream_AfterWhatWasReadIsAnswered()
    {
        await using TestService service = await RegisteredAsync();
        Marshaller<byte[]> raw = Marshallers.Create(b => b, b => b);
        Method<byte[], byte[]> method = new(MethodType.DuplexStreaming, "verifier.v1.VerifierService", "VerifyStream", raw, raw);
        using AsyncDuplexStreamingCall<byte[], byte[]> call = service.Channel().CreateCallInvoker().AsyncDuplexStreamingCall(method, null, new CallOptions(cancellationToken: Cancellation));
        await call.RequestStream.WriteAsync(new VerifyStreamRequest { Id = "good", Request = Requests.Verify() }.ToByteArray(), Cancellation);
        await call.RequestStream.WriteAsync([0x0A, 0xFF], Cancellation);

        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal("good", VerifyStreamResponse.Parser.ParseFrom(call.ResponseStream.Current).Id);
        RpcException end = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal((StatusCode.InvalidArgument, "MALFORMED_MESSAGE"), (end.StatusCode, Reason(end)));
    }

    [Fact]
    public async Task T91_ItemFarOverTheLimit_EndsTheStreamUnread()
    {
        await using TestService service = await RegisteredAsync();
        using Call call = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        VerifyRequest huge = Requests.Verify();
        huge.Evidence.Snp.RevocationLists.Add(Requests.Bytes(1025 * 1024));

        RpcException end = await EndAsync(call, () => _ = SendAsync(call, "huge", huge));

        Assert.Equal((StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE"), (end.StatusCode, Reason(end)));
    }

    [Fact]
    public async Task CallerThatGoesAway_EndsTheWorkBehindItsItems()
    {
        await using TestService service = await RegisteredAsync();
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        service.Certificates.Delay = async token =>
        {
            await using CancellationTokenRegistration registration = token.Register(() => ended.TrySetResult());
            await Task.Delay(Timeout.Infinite, token);
        };
        Call call = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        await SendAsync(call, "1", Requests.Verify());
        await UntilAsync(() => service.Certificates.Calls == 1);

        call.Dispose();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task T57_ChallengeInTwoItemsOfAStream_ServesOne()
    {
        await using TestService service = await RegisteredAsync();
        ByteString challenge = (await service.Verifier.CreateChallengeAsync(new(), cancellationToken: Cancellation)).Challenge;
        VerifyRequest request = Requests.Verify(TestKit.Scenario.Vcek().WithReport(r => r with { ReportData = challenge.ToByteArray() }));
        request.Binding = new() { Challenge = new() { Challenge = challenge } };

        Dictionary<string, VerifyStreamResponse> answers = await AskAsync(service, [.. Enumerable.Range(0, 20).Select(i => ($"{i}", (VerifyRequest?)request))]);

        Assert.Equal(20, answers.Count);
        Assert.Single(answers.Values, a => a.Response.Verdict.Outcome == Outcome.Accepted);
    }

    [Fact]
    public async Task ItemThatItsSenderMayNotAsk_IsAnErrorOfTheItem()
    {
        await using TestService service = await RegisteredAsync(builder => builder.Services.AddGrpc(o => o.Interceptors.Add<Refusing>()));

        Dictionary<string, VerifyStreamResponse> answers = await AskAsync(service, ("1", Requests.Verify()), ("refused", Requests.Verify()), ("2", Requests.Verify()));

        Assert.Equal((Outcome.Accepted, Outcome.Accepted), (answers["1"].Response.Verdict.Outcome, answers["2"].Response.Verdict.Outcome));
        MustBe(answers["refused"], StatusCode.PermissionDenied, "METHOD_NOT_GRANTED", "not that");
    }

    // Looks at each message before the method sees it, as authorization does.
    private sealed class Refusing : Interceptor
    {
        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
            continuation(new Reader<TRequest>(requestStream), responseStream, context);

        private sealed class Reader<T>(IAsyncStreamReader<T> inner) : IAsyncStreamReader<T>
        {
            public T Current => inner.Current;

            public async Task<bool> MoveNext(CancellationToken cancellationToken)
            {
                bool isThere = await inner.MoveNext(cancellationToken);
                return isThere && inner.Current is VerifyStreamRequest { Id: "refused" }
                    ? throw RpcErrors.Plain(StatusCode.PermissionDenied, "METHOD_NOT_GRANTED", "not that")
                    : isThere;
            }
        }
    }

    private static async Task<TestService> RegisteredAsync(Action<WebApplicationBuilder>? configure = null)
    {
        TestService service = await TestService.StartAsync(configure: configure);
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);
        return service;
    }

    private static async Task<Dictionary<string, VerifyStreamResponse>> AskAsync(TestService service, params (string Id, VerifyRequest? Request)[] items)
    {
        using Call call = service.Verifier.VerifyStream(cancellationToken: Cancellation);
        Task<List<VerifyStreamResponse>> reading = ReadAsync(call);
        foreach ((string id, VerifyRequest? request) in items)
        {
            await SendAsync(call, id, request);
        }

        await call.RequestStream.CompleteAsync();
        return (await reading).ToDictionary(a => a.Id);
    }

    private static async Task<VerifyStreamResponse> AskAsync(Call call, string id)
    {
        await SendAsync(call, id, Requests.Verify());
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        return call.ResponseStream.Current;
    }

    private static Task SendAsync(Call call, string id, VerifyRequest? request) => call.RequestStream.WriteAsync(new() { Id = id, Request = request }, Cancellation);

    private static async Task<List<VerifyStreamResponse>> ReadAsync(Call call)
    {
        List<VerifyStreamResponse> answers = [];
        while (await call.ResponseStream.MoveNext(Cancellation))
        {
            answers.Add(call.ResponseStream.Current);
        }

        return answers;
    }

    private static async Task<RpcException> EndAsync(Call call, Action cause)
    {
        Task<bool> reading = call.ResponseStream.MoveNext(Cancellation);
        for (int i = 0; i < 50 && !reading.IsCompleted; i++)
        {
            cause();
            await Task.WhenAny(reading, Task.Delay(100, Cancellation));
        }

        return await Assert.ThrowsAsync<RpcException>(() => reading);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "It did not come to that.");
            await Task.Delay(5, Cancellation);
        }
    }

    private static void MustBe(VerifyStreamResponse answer, StatusCode code, string reason, string text)
    {
        Assert.Equal(Result.Error, answer.ResultCase);
        Assert.Equal(((int)code, reason), (answer.Error.Code, answer.Error.GetDetail<ErrorInfo>()?.Reason));
        Assert.StartsWith(text, answer.Error.Message, StringComparison.Ordinal);
    }

    private static string? Reason(RpcException error) => error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;

    private static ByteString Changed(ByteString report, int offset)
    {
        byte[] bytes = report.ToByteArray();
        bytes[offset] ^= 1;
        return ByteString.CopyFrom(bytes);
    }
}
