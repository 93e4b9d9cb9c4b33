using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Registry;

/// <summary>Changes as they are told to whoever watches.</summary>
public sealed class WatchTests
{
    private static readonly Scenario Guest = Scenario.Vcek();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChangesOnOneInstance_AreToldByAnother()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RunningService one = await RunningService.StartAsync(redis, Guest.Amd.Roots);
        await using RunningService other = await RunningService.StartAsync(redis, Guest.Amd.Roots);
        await Patience.EventuallyAsync(async () => await one.Registry.ListReferenceValuesAsync(new()));
        await Patience.EventuallyAsync(async () => await other.Registry.ListReferenceValuesAsync(new()));
        using AsyncServerStreamingCall<WatchReferenceValuesResponse> watch = other.Registry.WatchReferenceValues(new(), cancellationToken: Cancellation);
        WatchReferenceValuesResponse first = await NextAsync(watch);
        Assert.Equal((-1, null), (first.Index, first.Change));

        await one.RegisterAsync("guest", Guest.Report.Measurement);
        await one.RevokeAsync("guest");
        WatchReferenceValuesResponse created = await NextAsync(watch), revoked = await NextAsync(watch);

        Assert.Equal((0, "create", ReferenceValue.Types.State.Active), (created.Index, created.Change.Action, created.Change.ReferenceValue.State));
        Assert.Equal((1, "revoke", ReferenceValue.Types.State.Revoked), (revoked.Index, revoked.Change.Action, revoked.Change.ReferenceValue.State));
        Assert.Equal(Requests.Name("guest"), revoked.Change.ReferenceValue.Name);
    }

    [Fact]
    public async Task WatchTakenUpAfterABreak_LosesAndDoublesNothing()
    {
        await using RunningService service = await RunningService.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            await service.RegisterAsync($"r{i}", [.. Guest.Report.Measurement[..47], (byte)i]);
        }

        List<string> seen = [];
        WatchReferenceValuesRequest request = new() { FromStart = true };
        for (int round = 0; round < 4; round++)
        {
            using AsyncServerStreamingCall<WatchReferenceValuesResponse> watch = service.Registry.WatchReferenceValues(request, cancellationToken: Cancellation);
            Assert.Null((await NextAsync(watch)).Change);
            WatchReferenceValuesResponse change = await NextAsync(watch);
            seen.Add($"{change.Index} {change.Change.ReferenceValue.Name[^2..]}");
            request = new() { ResumeAfter = change.Index };
            await service.RegisterAsync($"r{3 + round}", [.. Guest.Report.Measurement[..47], (byte)(3 + round)]);
        }

        Assert.Equal(["0 r0", "1 r1", "2 r2", "3 r3"], seen);
    }

    private static async Task<WatchReferenceValuesResponse> NextAsync(AsyncServerStreamingCall<WatchReferenceValuesResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation).WaitAsync(TimeSpan.FromMinutes(1), Cancellation));
        return watch.ResponseStream.Current;
    }
}
