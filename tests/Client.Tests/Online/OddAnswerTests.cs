using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Verifier.TestKit;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

/// <summary>What a broken or hostile service may say must end in an exit code, never in a crash, in a wait without end, or in an acceptance.</summary>
public sealed class OddAnswerTests
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    private static string[] Command => ["verify", "--report", Samples.Path("report.bin"), "--nonce", new string('1', 128)];

    public static TheoryData<long, int> ImpossibleDelays => new()
    {
        { long.MaxValue, 0 },
        { long.MinValue, 0 },
        { 1, int.MaxValue },
        { 1, -1 },
        { -10, 0 },
    };

    [Theory]
    [MemberData(nameof(ImpossibleDelays))]
    public async Task ImpossibleRetryDelay_IsLeftOut(long seconds, int nanos)
    {
        CliResult result = await FailWith(new RetryInfo { RetryDelay = new Duration { Seconds = seconds, Nanos = nanos } });

        Assert.Equal(5, result.ExitCode);
        Assert.DoesNotContain("try again", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("google.rpc.RetryInfo")]
    [InlineData("google.rpc.ErrorInfo")]
    [InlineData("google.rpc.BadRequest")]
    [InlineData("google.rpc.PreconditionFailure")]
    public async Task DetailThatDoesNotParse_IsLeftOut(string type)
    {
        await using FakeService service = await FakeService.StartAsync();
        Google.Rpc.Status status = new() { Code = (int)StatusCode.Unavailable, Message = "away" };
        status.Details.Add(new Any { TypeUrl = $"type.googleapis.com/{type}", Value = ByteString.CopyFrom(0x0A, 0xFF) });
        service.Answers.Fail(status.ToRpcException());

        Assert.Equal(5, (await service.RunAsync(Command)).ExitCode);
    }

    [Fact]
    public async Task DetailsThatDoNotParse_AreLeftOut()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Fail(new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "away"), new Metadata { { DetailsTrailer, new byte[] { 0x0A, 0xFF } } }));

        CliResult result = await service.RunAsync(Command);

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("away", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AcceptedWithACheckTwice_IsNotAccepted() => await AssertNotAccepted(checks => checks.Add(checks[3].Clone()));

    [Fact]
    public async Task AcceptedWithACheckMissing_IsNotAccepted() => await AssertNotAccepted(checks => checks.RemoveAt(19));

    [Fact]
    public async Task AcceptedWithoutAMandatoryCheckBeingMade_IsNotAccepted() =>
        await AssertNotAccepted(checks => checks.Single(c => c.Id == "REPORT_SIGNATURE_IS_VALID").Status = V1.Check.Types.Status.NotRequired);

    [Fact]
    public async Task AcceptedWithACheckThatThisClientDoesNotKnow_IsAccepted()
    {
        await using FakeService service = await FakeService.StartAsync();
        V1.VerifyResponse response = Verdicts.Accepted();
        response.Verdict.Checks.Add(new V1.Check { Id = "A_LATER_CHECK", Status = V1.Check.Types.Status.Passed });
        service.Answers.Give(response);

        Assert.Equal(0, (await service.RunAsync(Command)).ExitCode);
    }

    [Fact]
    public async Task ListWithoutEnd_EndsWithTheTimeout()
    {
        await using FakeService service = await FakeService.StartAsync();
        int page = 0;
        service.Answers.Otherwise = () => new V1.ListReferenceValuesResponse { NextPageToken = $"{page++}" };

        CliResult result = await service.RunAsync("list", "--timeout", "1").WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(5, result.ExitCode);
    }

    [Theory]
    [InlineData(V1.ReferenceValue.Types.State.Active)]
    [InlineData(V1.ReferenceValue.Types.State.Unspecified)]
    [InlineData((V1.ReferenceValue.Types.State)77)]
    public async Task RevocationThatDidNotRevoke_IsNoSuccess(V1.ReferenceValue.Types.State state)
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.RevokeReferenceValueResponse { ReferenceValue = new() { Name = "tenants/default/referenceValues/x", State = state } });

        Assert.Equal(5, (await service.RunAsync("revoke", "x", "--reason", "why")).ExitCode);
    }

    private static async Task<CliResult> FailWith(IMessage detail)
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Fail(StatusCode.Unavailable, "away", Answers.Reason("STORE_UNAVAILABLE"), detail);
        return await service.RunAsync(Command);
    }

    private static async Task AssertNotAccepted(Action<Google.Protobuf.Collections.RepeatedField<V1.Check>> spoil)
    {
        await using FakeService service = await FakeService.StartAsync();
        V1.VerifyResponse response = Verdicts.Accepted();
        spoil(response.Verdict.Checks);
        service.Answers.Give(response);

        CliResult result = await service.RunAsync(Command);

        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith("REJECTED", result.Out, StringComparison.Ordinal);
    }
}
