using System.Text.Json;
using Grpc.Core;
using Verifier.TestKit;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

/// <summary>F34: an acceptance may be as old as the command has waited for it, and the guest revoked since. The library has the same tests.</summary>
public sealed class LateAcceptanceTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("verifierctl-late-").FullName;
    private readonly MovedClock _clock = new();
    private FakeService _service = null!;

    private int Questions => _service.Answers.Asked.Count;

    public async ValueTask InitializeAsync() => _service = await FakeService.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task F34_LateAcceptance_IsNotUsed_AndTheServiceAskedAnew()
    {
        _service.Answers.Otherwise = () => Late(Verdicts.Accepted(), Questions == 1 ? 2.001 : 2);

        CliResult result = await VerifyAsync();

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("ACCEPTED\n", result.Out, StringComparison.Ordinal);
        V1.VerifyRequest[] asked = [.. _service.Answers.Asked.Select(a => (V1.VerifyRequest)a.Request)];
        Assert.Equal(2, asked.Length);
        Assert.Equal(asked[0], asked[1]);
    }

    // What was decided anew counts, and not what was decided then.
    [Fact]
    public async Task F34_GuestRevokedMeanwhile_IsRefused()
    {
        _service.Answers.Otherwise = () => Questions == 1 ? Late(Verdicts.Accepted(), 60) : Verdicts.Refused();

        CliResult result = await VerifyAsync("--timeout", "100");

        Assert.Equal((4, 2), (result.ExitCode, Questions));
        Assert.StartsWith("REJECTED", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F34_AcceptancesThatAreAlwaysLate_AreAnOutage_OnceTheTimeIsOver()
    {
        _service.Answers.Otherwise = () => Late(Verdicts.Accepted(), 25);

        CliResult result = await VerifyAsync("--timeout", "60", "--format", "json");

        Assert.Equal((5, 3), (result.ExitCode, Questions));
        Assert.StartsWith("error: The acceptance came 25 s after the question; ", result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: ask again: the guest may have been revoked meanwhile", result.Error, StringComparison.Ordinal);
        JsonElement error = result.Json.GetProperty("error");
        Assert.Equal(("outage", "ACCEPTED_TOO_LATE"), (error.GetProperty("kind").GetString(), error.GetProperty("reason").GetString()));
        Assert.False(result.Json.TryGetProperty("outcome", out _));
    }

    [Fact]
    public async Task F34_TimeThatEndsWithinARepeat_IsTheLateAcceptancesToo()
    {
        _service.Answers.Otherwise = () => Questions == 1 ? Late(Verdicts.Accepted(), 25) : throw new RpcException(new Status(StatusCode.DeadlineExceeded, "over"));

        CliResult result = await VerifyAsync();

        Assert.Equal((5, "", 2), (result.ExitCode, result.Out, Questions));
        Assert.Contains("(ACCEPTED_TOO_LATE)", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OutageOfARepeat_IsTold()
    {
        _service.Answers.Otherwise = () => Questions == 1 ? Late(Verdicts.Accepted(), 25) : throw new RpcException(new Status(StatusCode.Unavailable, "away"));

        CliResult result = await VerifyAsync();

        Assert.Equal((5, "", 2), (result.ExitCode, result.Out, Questions));
        Assert.Contains("cannot be reached: away", result.Error, StringComparison.Ordinal);
    }

    // Only whoever waited knows what came too late: a service that says so could have itself asked for as long as it likes.
    [Fact]
    public async Task FailureThatNamesItselfSo_IsTheServicesOwn()
    {
        _service.Answers.Fail(StatusCode.DeadlineExceeded, "too late", Answers.Reason("ACCEPTED_TOO_LATE"));

        CliResult result = await VerifyAsync();

        Assert.Equal((5, "", 1), (result.ExitCode, result.Out, Questions));
    }

    // The first answer has used it up: asked again, the service would refuse a guest that it has accepted.
    [Fact]
    public async Task F34_LateAcceptanceByAChallenge_IsAnOutage_AndNotAskedAnew()
    {
        string challenge = Path.Combine(_folder, "challenge.bin");
        await File.WriteAllBytesAsync(challenge, new byte[64], TestContext.Current.CancellationToken);
        _service.Answers.Otherwise = () => Late(Verdicts.Accepted(), 3);

        CliResult result = await RunAsync("--challenge", challenge);

        Assert.Equal((5, "", 1), (result.ExitCode, result.Out, Questions));
        Assert.Contains("a challenge is used up, the guest must make a report with a new one", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LateRefusal_IsARefusal()
    {
        _service.Answers.Otherwise = () => Late(Verdicts.Refused(), 25);

        Assert.Equal((4, 1), ((await VerifyAsync()).ExitCode, Questions));
    }

    // It says accepted and is none: a refusal, as it would be in time.
    [Fact]
    public async Task LateContradiction_IsARefusal()
    {
        _service.Answers.Otherwise = () =>
        {
            V1.VerifyResponse answer = Verdicts.Accepted();
            answer.Verdict.Checks[0].Status = V1.Check.Types.Status.Failed;
            return Late(answer, 25);
        };

        CliResult result = await VerifyAsync();

        Assert.NotEqual(0, result.ExitCode);
        Assert.StartsWith("REJECTED", result.Out, StringComparison.Ordinal);
        Assert.Equal(1, Questions);
    }

    private V1.VerifyResponse Late(V1.VerifyResponse answer, double seconds)
    {
        _clock.Move(TimeSpan.FromSeconds(seconds));
        return answer;
    }

    private Task<CliResult> VerifyAsync(params string[] more) => RunAsync(["--nonce", new string('1', 128), .. more]);

    private Task<CliResult> RunAsync(params string[] more) =>
        Cli.RunAsync(["verify", "--report", Samples.Path("report.bin"), "--server", _service.Address, .. more], useColor: false, clock: _clock);

    /// <summary>Stands, but for what a test moves it.</summary>
    private sealed class MovedClock : TimeProvider
    {
        private long _moved;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Cli.Now;

        public override long GetTimestamp() => Interlocked.Read(ref _moved);

        public void Move(TimeSpan by) => Interlocked.Add(ref _moved, by.Ticks);
    }
}
