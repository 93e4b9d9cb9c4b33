using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Verifier.Client.Online;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

/// <summary>After which ends a watch goes on, and after which not.</summary>
public sealed class ChangeWatchTests : IAsyncLifetime
{
    // CANCELLED is what gRPC for .NET makes of a stream that ends without a status, and of the reset CANCEL.
    private static readonly Dictionary<string, Func<ServerCallContext, Task>> Passing = new()
    {
        ["good order"] = _ => Task.CompletedTask,
        ["no status"] = context => context.GetHttpContext().Response.CompleteAsync(),
        ["maximum age"] = _ => throw Failure(StatusCode.DeadlineExceeded),
        ["cancelled"] = _ => throw Failure(StatusCode.Cancelled),
        ["unavailable"] = _ => throw Failure(StatusCode.Unavailable),
        ["busy, with a hint"] = _ => throw Failure(StatusCode.ResourceExhausted, TimeSpan.FromSeconds(0.1)),
        ["reset NO_ERROR"] = context => ResetAsync(context, 0),
        ["reset INTERNAL_ERROR"] = context => ResetAsync(context, 2),
        ["reset REFUSED_STREAM"] = context => ResetAsync(context, 7),
        ["reset CANCEL"] = context => ResetAsync(context, 8),
        ["reset ENHANCE_YOUR_CALM"] = context => ResetAsync(context, 11),
        ["lost connection"] = context =>
        {
            context.GetHttpContext().Features.Get<IConnectionLifetimeFeature>()!.Abort();
            return Task.CompletedTask;
        },
    };

    private readonly ConcurrentQueue<V1.WatchReferenceValuesRequest> _asked = new();
    private readonly ConcurrentQueue<long> _shown = new();
    private FakeService _service = null!;

    public static TheoryData<string> PassingEnds => [.. Passing.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _service = await FakeService.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [MemberData(nameof(PassingEnds))]
    public async Task EndThatPasses_IsFollowedByTheNextChange(string end)
    {
        _service.Answers.Watch = async (request, stream, cancellation) =>
        {
            _asked.Enqueue(request);
            if (_asked.Count == 1)
            {
                await stream.WriteAsync(Change(4), cancellation);
                await ShownAsync(4, cancellation);
                await Passing[end](_service.Answers.Watching!);
                return;
            }

            await stream.WriteAsync(Change(7), cancellation);
            await ShownAsync(7, cancellation);
            throw Failure(StatusCode.FailedPrecondition);
        };

        RpcException last = await Assert.ThrowsAsync<RpcException>(() => FollowAsync(new() { ResumeAfter = 3 }));

        Assert.Equal(StatusCode.FailedPrecondition, last.StatusCode);
        Assert.Equal([3L, 4L], _asked.Select(r => r.ResumeAfter));
        Assert.Equal([4L, 7L], _shown);
    }

    // However much of a stream that was cut off is lost on the way: what was not shown is asked for again, and nothing else.
    [Fact]
    public async Task ManyEnds_LeaveNothingOut_AndShowNothingTwice()
    {
        const int Changes = 20;
        Func<ServerCallContext, Task>[] ends = [.. Passing.Values];
        _service.Answers.Watch = async (request, stream, cancellation) =>
        {
            _asked.Enqueue(request);
            long after = request.FromStart ? 0 : request.ResumeAfter;
            await stream.WriteAsync(new() { Index = after }, cancellation);
            for (long index = after + 1; index <= Math.Min(after + 3, Changes); index++)
            {
                await stream.WriteAsync(Change(index), cancellation);
            }

            if (after >= Changes)
            {
                throw Failure(StatusCode.FailedPrecondition);
            }

            // A watch that sees nothing waits longer and longer.
            await ShownAsync(after + 1, cancellation);
            await ends[(_asked.Count - 1) % ends.Length](_service.Answers.Watching!);
        };

        await Assert.ThrowsAsync<RpcException>(() => FollowAsync(new() { FromStart = true }));

        Assert.Equal(Enumerable.Range(1, Changes).Select(i => (long)i), _shown);
    }

    [Theory]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.DataLoss)]
    [InlineData(StatusCode.Unimplemented)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.ResourceExhausted)]
    public async Task Refusal_IsTheEnd(StatusCode status)
    {
        _service.Answers.Watch = async (request, stream, cancellation) =>
        {
            _asked.Enqueue(request);
            await stream.WriteAsync(Change(4), cancellation);
            throw Failure(status);
        };

        RpcException end = await Assert.ThrowsAsync<RpcException>(() => FollowAsync(new() { ResumeAfter = 3 }));

        Assert.Equal((status, 1), (end.StatusCode, _asked.Count));
        Assert.Equal([4L], _shown);
    }

    [Fact]
    public async Task Hint_IsWaitedFor()
    {
        TimeSpan hint = TimeSpan.FromSeconds(3);
        long ended = 0;
        TimeSpan waited = default;
        _service.Answers.Watch = async (request, stream, cancellation) =>
        {
            _asked.Enqueue(request);
            if (_asked.Count == 1)
            {
                await stream.WriteAsync(Change(4), cancellation);
                ended = Stopwatch.GetTimestamp();
                throw Failure(StatusCode.ResourceExhausted, hint);
            }

            waited = Stopwatch.GetElapsedTime(ended);
            throw Failure(StatusCode.FailedPrecondition);
        };

        await Assert.ThrowsAsync<RpcException>(() => FollowAsync(new() { ResumeAfter = 3 }));

        // Timers count in other steps than the stopwatch.
        Assert.True(waited > hint - TimeSpan.FromSeconds(0.1), $"{waited}");
    }

    // As an interrupted command it would look like the user's own doing.
    [Theory]
    [InlineData("no status")]
    [InlineData("reset CANCEL")]
    public async Task FirstStreamThatIsCutOff_IsAnOutage(string end)
    {
        _service.Answers.Watch = (_, _, _) => Passing[end](_service.Answers.Watching!);

        CliResult result = await _service.RunAsync("watch", "--from-start");

        Assert.Equal((5, ""), (result.ExitCode, result.Out));
        Assert.DoesNotContain("interrupted", result.Error, StringComparison.Ordinal);
    }

    private static Task ResetAsync(ServerCallContext context, int error)
    {
        context.GetHttpContext().Features.Get<IHttpResetFeature>()!.Reset(error);
        return Task.CompletedTask;
    }

    private static RpcException Failure(StatusCode code, TimeSpan? hint = null)
    {
        Google.Rpc.Status status = new() { Code = (int)code, Message = "ends" };
        if (hint is { } delay)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        }

        return status.ToRpcException();
    }

    private static V1.WatchReferenceValuesResponse Change(long index) => new() { Index = index, Change = new() { Action = "create", ReferenceValue = new() } };

    private async Task FollowAsync(V1.WatchReferenceValuesRequest request)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(_service.Address);
        ChangeWatch watch = new(new V1.RegistryService.RegistryServiceClient(channel), () => new CallOptions(), _ => { });
        await foreach (V1.WatchReferenceValuesResponse answer in watch.FollowAsync(request, Cancellation))
        {
            _shown.Enqueue(answer.Index);
        }
    }

    private async Task ShownAsync(long index, CancellationToken cancellation)
    {
        while (!_shown.Contains(index))
        {
            await Task.Delay(20, cancellation);
        }
    }
}
