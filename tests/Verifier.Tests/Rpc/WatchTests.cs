using Google.Rpc;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Tests.Hosting;
using Call = Grpc.Core.AsyncServerStreamingCall<Verifier.Contracts.V1.WatchReferenceValuesResponse>;

namespace Verifier.Tests.Rpc;

public sealed class WatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silence_IsBrokenEvery15Seconds_AndTheWatchEndsAfterAnHour()
    {
        await using TestService service = await TestService.StartAsync();
        using Call watch = service.Registry.WatchReferenceValues(new(), cancellationToken: Cancellation);
        await BeatAsync(watch);
        for (int i = 0; i < 3; i++)
        {
            await BeatAsync(watch, () => service.Clock.Advance(TimeSpan.FromSeconds(15)));
        }

        RpcException end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            service.Clock.Advance(TimeSpan.FromHours(1));
            while (await watch.ResponseStream.MoveNext(Cancellation))
            {
            }
        });
        Assert.Equal((StatusCode.Unavailable, "WATCH_ENDED"), (end.StatusCode, Reason(end)));
        Assert.NotNull(end.GetRpcStatus()!.GetDetail<RetryInfo>());
    }

    [Fact]
    public async Task T94_MoreWatchersThanPlaces_AreToldToComeBack()
    {
        await using TestService service = await TestService.StartAsync(["--Registry:MaxWatchers=1"]);
        Call watch = service.Registry.WatchReferenceValues(new(), cancellationToken: Cancellation);
        await BeatAsync(watch);

        RpcException busy = await RefusedAsync(service, new());
        Assert.Equal((StatusCode.ResourceExhausted, "TOO_MANY_WATCHERS"), (busy.StatusCode, Reason(busy)));
        Assert.NotNull(busy.GetRpcStatus()!.GetDetail<RetryInfo>());

        watch.Dispose();
        for (int i = 0; ; i++)
        {
            try
            {
                using Call again = service.Registry.WatchReferenceValues(new(), cancellationToken: Cancellation);
                await BeatAsync(again);
                break;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted && i < 600)
            {
                await Task.Delay(50, Cancellation);
            }
        }
    }

    [Fact]
    public async Task Stop_EndsTheWatch_SoThatItGoesOnElsewhere()
    {
        await using TestService service = await TestService.StartAsync();
        using Call watch = service.Registry.WatchReferenceValues(new() { FromStart = true }, cancellationToken: Cancellation);
        await BeatAsync(watch);

        Task stopping = service.App.StopAsync(Cancellation);

        RpcException end = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(Cancellation));
        Assert.Equal((StatusCode.Unavailable, "SHUTTING_DOWN"), (end.StatusCode, Reason(end)));
        await stopping.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task T70_PlaceThatTheLogHasNeverHad_IsRefused()
    {
        await using TestService service = await TestService.StartAsync();
        RpcException refused = await RefusedAsync(service, new() { ResumeAfter = 0 });
        Assert.Equal((StatusCode.FailedPrecondition, "LOG_SHORTER"), (refused.StatusCode, Reason(refused)));
    }

    [Fact]
    public async Task BadRequest_IsRefused()
    {
        await using TestService service = await TestService.StartAsync();
        foreach (WatchReferenceValuesRequest request in new WatchReferenceValuesRequest[] { new() { ResumeAfter = -2 }, new() { ResumeAfter = long.MaxValue }, new() { FromStart = false }, new() { Parent = "x" } })
        {
            Assert.Equal(StatusCode.InvalidArgument, (await RefusedAsync(service, request)).StatusCode);
        }
    }

    [Fact]
    public async Task T107_WatcherWithoutARight_IsRefused()
    {
        await using TestService service = await TestService.StartAsync();
        Metadata wrong = new() { { "authorization", "Bearer wrong" } };
        Assert.Equal(StatusCode.Unauthenticated, (await RefusedAsync(service, new(), wrong)).StatusCode);
        RpcException foreign = await RefusedAsync(service, new() { Parent = "tenants/other" });
        Assert.True(foreign.StatusCode is StatusCode.PermissionDenied or StatusCode.NotFound, $"{foreign.Status}");
    }

    private static async Task<RpcException> RefusedAsync(TestService service, WatchReferenceValuesRequest request, Metadata? headers = null)
    {
        using Call call = service.Registry.WatchReferenceValues(request, headers, cancellationToken: Cancellation);
        return await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));
    }

    // The clock stands: it must pass the time after the service has begun to wait, so that it is put forward until the sign comes.
    private static async Task BeatAsync(Call watch, Action? pass = null)
    {
        Task<bool> next = watch.ResponseStream.MoveNext(Cancellation);
        for (int i = 0; pass is not null && !next.IsCompleted && i < 100; i++)
        {
            pass();
            await Task.WhenAny(next, Task.Delay(100, Cancellation));
        }

        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal((-1, null), (watch.ResponseStream.Current.Index, watch.ResponseStream.Current.Change));
    }

    private static string? Reason(RpcException e) => e.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;
}
