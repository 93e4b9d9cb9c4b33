using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Verifier.TestKit;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

public sealed class ChallengeCommandTests : IDisposable
{
    private static readonly byte[] Challenge = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];

    private readonly string _folder = Directory.CreateTempSubdirectory("verifierctl-challenge-").FullName;

    private string FileName => Path.Combine(_folder, "challenge.bin");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Challenge_IsShownAndWritten()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(Answer());

        CliResult result = await service.RunAsync("challenge", "--out", FileName, "--tenant", "blue", "--life", "30");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal($"challenge         {Convert.ToHexStringLower(Challenge)}\nexpires           2026-11-25T12:00:00Z\n", result.Out);
        Assert.Equal(Challenge, await File.ReadAllBytesAsync(FileName, TestContext.Current.CancellationToken));
        V1.CreateChallengeRequest request = service.Answers.Request<V1.CreateChallengeRequest>();
        Assert.Equal(("blue", 30L), (request.Tenant, request.Life.Seconds));
    }

    [Fact]
    public async Task Json_HasTheChallengeInHexadecimalDigits()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(Answer());

        CliResult result = await service.RunAsync("challenge", "--format", "json");

        using JsonDocument json = JsonDocument.Parse(result.Out);
        Assert.Equal(Convert.ToHexStringLower(Challenge), json.RootElement.GetProperty("challenge").GetString());
        Assert.Equal("2026-11-25T12:00:00+00:00", json.RootElement.GetProperty("expire_time").GetString());
        Assert.Null(service.Answers.Request<V1.CreateChallengeRequest>().Life);
    }

    [Theory]
    [InlineData(63, 1)]
    [InlineData(0, 1)]
    [InlineData(64, -1)]
    [InlineData(64, long.MaxValue)]
    public async Task AnswerThatIsNoChallenge_IsAnOutage(int length, long seconds)
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.CreateChallengeResponse { Challenge = ByteString.CopyFrom(new byte[length]), ExpireTime = new Timestamp { Seconds = seconds } });

        CliResult result = await service.RunAsync("challenge", "--out", FileName);

        Assert.Equal((5, ""), (result.ExitCode, result.Out));
        Assert.False(File.Exists(FileName));
    }

    [Fact]
    public async Task TooManyChallenges_IsAnOutageWithADelay()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Fail(StatusCode.ResourceExhausted, "told", Answers.Reason("TOO_MANY_CHALLENGES"), new Google.Rpc.RetryInfo { RetryDelay = new Duration { Seconds = 5 } });

        CliResult result = await service.RunAsync("challenge");

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("TOO_MANY_CHALLENGES", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Verify_SendsTheChallengeOfTheFile(bool withManifest)
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(Verdicts.Accepted());
        await File.WriteAllBytesAsync(FileName, Challenge, TestContext.Current.CancellationToken);

        CliResult result = await service.RunAsync(
            ["verify", "--report", Samples.Path("report.bin"), "--challenge", FileName, .. withManifest ? ["--svsm-manifest", Samples.Path("sample.json")] : Array.Empty<string>()]);

        Assert.Equal(0, result.ExitCode);
        V1.ChallengeBinding binding = service.Answers.Request<V1.VerifyRequest>().Binding.Challenge;
        Assert.Equal(Challenge, binding.Challenge.ToByteArray());
        Assert.Equal(withManifest ? Samples.Read("sample.json") : [], binding.SvsmManifest.ToByteArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    public async Task T58_FileOfAnotherLength_IsNoChallenge(int length)
    {
        await using FakeService service = await FakeService.StartAsync();
        await File.WriteAllBytesAsync(FileName, new byte[length], TestContext.Current.CancellationToken);

        CliResult result = await service.RunAsync("verify", "--report", Samples.Path("report.bin"), "--challenge", FileName);

        Assert.Equal((1, ""), (result.ExitCode, result.Out));
        Assert.Empty(service.Answers.Asked);
    }

    [Fact]
    public async Task ChallengeBesideANonce_IsRefused()
    {
        CliResult result = await Cli.RunAsync(["verify", "--report", Samples.Path("report.bin"), "--challenge", FileName, "--nonce", new string('1', 128)]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("contradictory bindings", result.Error, StringComparison.Ordinal);
    }

    private static V1.CreateChallengeResponse Answer() => new()
    {
        Challenge = ByteString.CopyFrom(Challenge),
        ExpireTime = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero)),
    };
}
