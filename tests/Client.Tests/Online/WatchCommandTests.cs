using System.Collections.Concurrent;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

public sealed class WatchCommandTests
{
    private static V1.WatchReferenceValuesResponse Change(long index, string action) => new()
    {
        Index = index,
        Change = new()
        {
            Action = action,
            Time = Timestamp.FromDateTimeOffset(Cli.Now),
            Actor = "ada",
            ReferenceValue = new() { Name = $"tenants/default/referenceValues/r{index}", Image = "i", Version = "1", Kind = V1.LaunchKind.SvsmIgvm, State = V1.ReferenceValue.Types.State.Active },
        },
    };

    [Fact]
    public async Task BrokenStream_IsTakenUpAfterTheLastIndex_AndEachChangeIsOneLine()
    {
        await using FakeService service = await FakeService.StartAsync();
        ConcurrentQueue<V1.WatchReferenceValuesRequest> asked = new();
        service.Answers.Watch = async (request, stream, cancellation) =>
        {
            asked.Enqueue(request);
            switch (asked.Count)
            {
                case 1:
                    await stream.WriteAsync(new() { Index = 3 }, cancellation);
                    await stream.WriteAsync(Change(4, "create"), cancellation);
                    await stream.WriteAsync(new() { Index = 6 }, cancellation);
                    throw new RpcException(new Status(StatusCode.Unavailable, "stops"));
                case 2:
                    await stream.WriteAsync(Change(7, "revoke"), cancellation);
                    throw new RpcException(new Status(StatusCode.FailedPrecondition, "refused"));
            }
        };

        CliResult result = await service.RunAsync("watch", "--after", "3", "--format", "json");

        Assert.Equal([3L, 6L], asked.Select(r => r.ResumeAfter));
        string[] lines = result.Out.Split('\n');
        Assert.Equal([(4, "create"), (7, "revoke")], lines[..2].Select(l => JsonDocument.Parse(l).RootElement).Select(j => (j.GetProperty("index").GetInt32(), j.GetProperty("action").GetString()!)));
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("note: stops; trying again\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServiceThatCannotBeReachedAtFirst_IsAFailure()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Watch = (_, _, _) => throw new RpcException(new Status(StatusCode.Unavailable, "away"));

        CliResult result = await service.RunAsync("watch", "--from-start");

        Assert.Equal((5, ""), (result.ExitCode, result.Out));
    }

    [Fact]
    public async Task TwoBeginnings_AreAUsageError()
    {
        CliResult result = await Cli.RunAsync("watch", "--from-start", "--after", "1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--from-start and --after", result.Error, StringComparison.Ordinal);
    }
}
