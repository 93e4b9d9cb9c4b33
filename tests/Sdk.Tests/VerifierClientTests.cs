using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Verifier.Contracts.V1;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.Sdk.Tests;

public sealed class VerifierClientTests : IAsyncLifetime
{
    // Timers go by a coarser clock than this is measured by.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(15);

    private FakeVerifier _fake = null!;

    public static TheoryData<string> Spoilt => [.. Spoils.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What makes an accepting answer none.</summary>
    private static Dictionary<string, Action<VerifyResponse>> Spoils { get; } = new()
    {
        ["no verdict"] = r => r.Verdict = null,
        ["default verdict"] = r => r.Verdict = new AttestationVerdict(),
        ["outcome unspecified"] = r => r.Verdict.Outcome = Outcome.Unspecified,
        ["outcome rejected"] = r => r.Verdict.Outcome = Outcome.Rejected,
        ["outcome unknown"] = r => r.Verdict.Outcome = (Outcome)3,
        ["outcome negative"] = r => r.Verdict.Outcome = (Outcome)(-2),
        ["rejection set"] = r => r.Verdict.Rejection = AttestationVerdict.Types.Rejection.Refused,
        ["rejection unknown"] = r => r.Verdict.Rejection = (AttestationVerdict.Types.Rejection)9,
        ["failed check"] = r => r.Verdict.Checks.Add(new Check { Id = "VMPL_IS_ALLOWED", Status = Check.Types.Status.Failed }),
        ["check not evaluated"] = r => r.Verdict.Checks.Add(new Check { Id = "VMPL_IS_ALLOWED", Status = Check.Types.Status.NotEvaluated }),
        ["check of no status"] = r => r.Verdict.Checks.Add(new Check { Id = "VMPL_IS_ALLOWED" }),
        ["check of an unknown status"] = r => r.Verdict.Checks.Add(new Check { Id = "VMPL_IS_ALLOWED", Status = (Check.Types.Status)7 }),
        ["no checks"] = r => r.Verdict.Checks.Clear(),
        ["replay not asked"] = r => r.Verdict.Checks[2].Status = Check.Types.Status.NotRequired,
        ["replay doubled"] = r => r.Verdict.Checks.Add(r.Verdict.Checks[2]),
        ["evidence id absent"] = r => r.Verdict.EvidenceId = ByteString.Empty,
        ["evidence id of another"] = r => r.Verdict.EvidenceId = Flipped(r.Verdict.EvidenceId),
        ["nothing bound"] = r => r.Verdict.Bound = null,
        ["another challenge"] = r => r.Verdict.Bound.ReportData = Flipped(r.Verdict.Bound.ReportData),
        ["another scheme"] = r => r.Verdict.Bound.Scheme = "nonce",
        ["parts of another scheme"] = r => r.Verdict.Bound.Parts.Add(ByteString.CopyFrom(1)),
    };

    public async ValueTask InitializeAsync() => _fake = await FakeVerifier.StartAsync();

    public ValueTask DisposeAsync() => _fake.DisposeAsync();

    [Fact]
    public async Task AcceptedGuest_IsReturned()
    {
        using VerifierClient client = new(Options() with { Tenant = "blue", BearerToken = _ => ValueTask.FromResult<string?>("token-1") });

        VerifiedGuest guest = await client.VerifyAsync(Source(), new Expectations { Image = "coconut-svsm" }, Cancellation);

        Assert.Equal((Outcome.Accepted, 64), (guest.Verdict.Outcome, guest.Challenge.Bytes.Length));
        Assert.Equal(("blue", "coconut-svsm", "Bearer token-1"), (_fake.Asked!.Tenant, _fake.Asked.Expectations.Image, _fake.Authorization));
        Assert.Equal(guest.Challenge.Bytes.ToArray(), _fake.Asked.Binding.Challenge.Challenge.ToByteArray());
        Assert.Equal((1, 1), (_fake.Challenges, _fake.Questions));
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task T66_AnyOtherAnswer_IsARefusal(string kind)
    {
        _fake.Spoil = Spoils[kind];
        using VerifierClient client = new(Options());

        GuestRefusedException refused = await Assert.ThrowsAsync<GuestRefusedException>(() => client.VerifyAsync(Source(), cancellation: Cancellation));

        Assert.NotEmpty(refused.Message);
        Assert.Equal((1, 1), (_fake.Challenges, _fake.Questions));
    }

    [Fact]
    public async Task T65_AnswerAboutOtherEvidence_IsARefusal()
    {
        using VerifierClient client = new(Options());
        VerifyResponse? first = null;
        _fake.Spoil = r => first = r.Clone();
        await client.VerifyAsync(Source(), cancellation: Cancellation);
        _fake.Spoil = r => r.Verdict = first!.Verdict;

        await Assert.ThrowsAsync<GuestRefusedException>(() => client.VerifyAsync(Source(), cancellation: Cancellation));
    }

    [Fact]
    public async Task RefusedGuest_CarriesTheChecksThatFailed()
    {
        _fake.Spoil = r =>
        {
            (r.Verdict.Outcome, r.Verdict.Rejection, r.Verdict.Summary) = (Outcome.Rejected, AttestationVerdict.Types.Rejection.Refused, "Refused: told.");
            r.Verdict.Checks.Add(new Check { Id = "MEASUREMENT_IS_REGISTERED", Status = Check.Types.Status.Failed });
        };
        using VerifierClient client = new(Options());

        GuestRefusedException refused = await Assert.ThrowsAsync<GuestRefusedException>(() => client.VerifyAsync(Source(), cancellation: Cancellation));

        Assert.Equal(("Refused: told.", "MEASUREMENT_IS_REGISTERED"), (refused.Message, Assert.Single(refused.FailedChecks).Id));
        Assert.Equal(AttestationVerdict.Types.Rejection.Refused, refused.Verdict!.Rejection);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task T59_KeyBoundWithTheChallenge_MustComeBack(bool isSwapped)
    {
        byte[] x = [.. Enumerable.Repeat((byte)1, 66)], y = [.. Enumerable.Repeat((byte)2, 66)];
        ChallengeUse use = ChallengeUse.WithKey(x, y);
        _fake.Spoil = r =>
        {
            if (isSwapped)
            {
                r.Verdict.Bound.Parts[2] = Flipped(r.Verdict.Bound.Parts[2]);
            }
        };
        using VerifierClient client = new(Options());

        Task<VerifiedGuest> verifying = client.VerifyAsync(Source(use), cancellation: Cancellation);

        if (isSwapped)
        {
            await Assert.ThrowsAsync<GuestRefusedException>(() => verifying);
        }
        else
        {
            Assert.Same(use, (await verifying).Evidence.Use);
        }
    }

    [Fact]
    public async Task PassingOutage_IsRepeated_WithANewChallengeAndNewEvidence()
    {
        _fake.Faults.Enqueue(FakeVerifier.Fault(StatusCode.Unavailable, "STORE_UNAVAILABLE", TimeSpan.FromSeconds(0.3)));
        List<byte[]> challenges = [];
        using VerifierClient client = new(Options());
        Stopwatch watch = Stopwatch.StartNew();

        _fake.Spoil = r =>
        {
            if (_fake.Questions == 1)
            {
                throw FakeVerifier.Fault(StatusCode.Unavailable, "KDS_THROTTLED", TimeSpan.FromSeconds(0.3));
            }
        };
        VerifiedGuest guest = await client.VerifyAsync((c, t) =>
        {
            challenges.Add(c.Bytes.ToArray());
            return Source()(c, t);
        }, cancellation: Cancellation);

        Assert.Equal((3, 2, 2), (_fake.Challenges, _fake.Questions, challenges.Count));
        Assert.NotEqual(challenges[0], challenges[1]);
        Assert.Equal(challenges[1], guest.Challenge.Bytes.ToArray());
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.6) - Tick, $"Repeated before the delay that was asked for: {watch.Elapsed}");
    }

    [Fact]
    public async Task LastingOutage_IsTold_AndNeverARefusal()
    {
        _fake.Outage = FakeVerifier.Fault(StatusCode.Unavailable, "STORE_UNAVAILABLE", TimeSpan.FromMilliseconds(10));
        using VerifierClient client = new(Options());

        VerifierUnavailableException outage = await Assert.ThrowsAsync<VerifierUnavailableException>(() => client.VerifyAsync(Source(), cancellation: Cancellation));

        Assert.Equal(("STORE_UNAVAILABLE", TimeSpan.FromMilliseconds(10)), (outage.Reason, outage.RetryAfter));
        Assert.Equal(4, _fake.Challenges);
    }

    [Fact]
    public async Task DelayBeyondPatience_IsNotWaitedFor()
    {
        _fake.Outage = FakeVerifier.Fault(StatusCode.Unavailable, "KDS_THROTTLED", TimeSpan.FromSeconds(60));
        using VerifierClient client = new(Options());

        VerifierUnavailableException outage = await Assert.ThrowsAsync<VerifierUnavailableException>(() => client.VerifyAsync(Source(), cancellation: Cancellation));

        Assert.Equal((TimeSpan.FromSeconds(60), 1), (outage.RetryAfter, _fake.Challenges));
    }

    // F48: during an outage the repeats of all calls together are bounded, whatever each of them would do alone.
    [Fact]
    public async Task F48_LastingOutage_IsNotStormed()
    {
        _fake.Outage = FakeVerifier.Fault(StatusCode.Unavailable, "STORE_UNAVAILABLE", TimeSpan.FromMilliseconds(1));
        using VerifierClient client = new(Options() with { MaxTries = 50 });
        const int Calls = 60;

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ =>
            Assert.ThrowsAsync<VerifierUnavailableException>(() => client.VerifyAsync(Source(), cancellation: Cancellation))));

        Assert.InRange(_fake.Challenges, Calls, Calls + 10);
        _fake.Outage = null;
        await client.VerifyAsync(Source(), cancellation: Cancellation);
    }

    // A fresh replica refuses the calls that come while its first ones take long: more than a client would repeat of an outage.
    [Fact]
    public async Task F48_ShortRefusals_OfABusyService_FailNoCall()
    {
        const int Calls = 20;
        _fake.Together = Calls;
        for (int i = 0; i < Calls; i++)
        {
            _fake.Faults.Enqueue(FakeVerifier.Fault(StatusCode.ResourceExhausted, "OVERLOADED", TimeSpan.FromMilliseconds(50)));
        }

        using VerifierClient client = new(Options());

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => client.VerifyAsync(Source(), cancellation: Cancellation)));

        Assert.Equal(2 * Calls, _fake.Challenges);
    }

    [Fact]
    public async Task F48_LastingOverload_IsNotStormed()
    {
        _fake.Outage = FakeVerifier.Fault(StatusCode.ResourceExhausted, "OVERLOADED", TimeSpan.FromMilliseconds(1));
        using VerifierClient client = new(Options() with { MaxTries = 50 });
        const int Calls = 60;

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ =>
            Assert.ThrowsAsync<VerifierUnavailableException>(() => client.VerifyAsync(Source(), cancellation: Cancellation))));

        Assert.InRange(_fake.Challenges, Calls, Calls + 30);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, "MALFORMED_EVIDENCE")]
    [InlineData(StatusCode.PermissionDenied, "ROLE_MISSING")]
    [InlineData(StatusCode.FailedPrecondition, "KDS_OFFLINE")]
    public async Task QuestionThatIsNotTaken_IsToldOnce(StatusCode code, string reason)
    {
        _fake.Faults.Enqueue(FakeVerifier.Fault(code, reason));
        using VerifierClient client = new(Options());

        VerifierRequestException error = await Assert.ThrowsAsync<VerifierRequestException>(() => client.VerifyAsync(Source(), cancellation: Cancellation));

        Assert.Equal((code, reason, 1), (error.Status, error.Reason, _fake.Challenges));
    }

    [Fact]
    public async Task F48_Overload_IsRepeated_NotBeforeTheHint()
    {
        _fake.Faults.Enqueue(FakeVerifier.Fault(StatusCode.ResourceExhausted, "OVERLOADED", TimeSpan.FromSeconds(0.3)));
        using VerifierClient client = new(Options());
        Stopwatch watch = Stopwatch.StartNew();

        await client.VerifyAsync(Source(), cancellation: Cancellation);

        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.3) - Tick, $"{watch.Elapsed}");
        Assert.Equal(2, _fake.Challenges);
    }

    // Whoever stands between may know no details.
    [Fact]
    public async Task F48_Pushback_IsAHint_WhereThereIsNoOther()
    {
        _fake.Faults.Enqueue(PushedBack("300"));
        using VerifierClient client = new(Options());
        Stopwatch watch = Stopwatch.StartNew();

        await client.VerifyAsync(Source(), cancellation: Cancellation);

        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.3) - Tick, $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData(StatusCode.ResourceExhausted, null, "REQUEST_TOO_LARGE", false)]
    [InlineData(StatusCode.ResourceExhausted, "-1", "OVERLOADED", true)]
    [InlineData(StatusCode.Unavailable, "-1", "STORE_UNAVAILABLE", true)]
    [InlineData(StatusCode.Unavailable, "soon", "STORE_UNAVAILABLE", true)]
    [InlineData(StatusCode.DeadlineExceeded, null, "DEADLINE_TOO_SHORT", true)]
    public async Task F48_WithoutAHint_OrAgainstOne_NothingIsRepeated(StatusCode code, string? pushback, string reason, bool isOutage)
    {
        RpcException fault = FakeVerifier.Fault(code, reason);
        if (pushback is not null)
        {
            fault.Trailers.Add("grpc-retry-pushback-ms", pushback);
        }

        _fake.Faults.Enqueue(fault);
        using VerifierClient client = new(Options());

        VerifierException error = await Assert.ThrowsAnyAsync<VerifierException>(() => client.VerifyAsync(Source(), cancellation: Cancellation));

        Assert.Equal((isOutage, 1), (error is VerifierUnavailableException, _fake.Challenges));
    }

    [Fact]
    public async Task FaultOfTheEvidenceSource_IsTheCallersOwn()
    {
        using VerifierClient client = new(Options());

        await Assert.ThrowsAsync<FormatException>(() => client.VerifyAsync((_, _) => throw new FormatException("guest is gone"), cancellation: Cancellation));

        Assert.Equal((1, 0), (_fake.Challenges, _fake.Questions));
    }

    [Fact]
    public async Task CancelledCaller_GetsACancellation()
    {
        using VerifierClient client = new(Options());
        using CancellationTokenSource cancelled = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.VerifyAsync(
            async (c, t) =>
            {
                await cancelled.CancelAsync();
                return await Source()(c, t);
            },
            cancellation: cancelled.Token));
    }

    [Fact]
    public async Task ServiceThatIsNotThere_IsAnOutage()
    {
        using VerifierClient client = new(Options() with { Address = new Uri("http://127.0.0.1:9"), MaxTries = 2 });

        VerifierUnavailableException outage = await Assert.ThrowsAsync<VerifierUnavailableException>(() => client.VerifyAsync(Source(), cancellation: Cancellation));

        Assert.Null(outage.Reason);
    }

    [Theory]
    [InlineData("http://verifier.example:7443", false)]
    [InlineData("ftp://127.0.0.1", false)]
    [InlineData("http://localhost:7443", true)]
    [InlineData("https://verifier.example:7443", true)]
    public void Plaintext_IsForLoopbackOnly(string address, bool isAllowed)
    {
        VerifierClientOptions options = new() { Address = new Uri(address) };
        if (isAllowed)
        {
            new VerifierClient(options).Dispose();
        }
        else
        {
            Assert.Throws<ArgumentException>(() => new VerifierClient(options));
        }
    }

    [Fact]
    public async Task BearerToken_IsNeverSentInTheOpen()
    {
        using VerifierClient client = new(new() { Address = new Uri("http://192.0.2.1:7443"), UnsafePlaintext = true, BearerToken = _ => ValueTask.FromResult<string?>("t") });

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.VerifyAsync(Source(), cancellation: Cancellation));
    }

    // How long an acceptance may take is not what is tried here, on whatever machine.
    private VerifierClientOptions Options() => new() { Address = new Uri(_fake.Address), AcceptWithin = TimeSpan.FromMinutes(1) };

    private static EvidenceSource Source(ChallengeUse? use = null) => FakeVerifier.EvidenceFor(use ?? ChallengeUse.Direct);

    private static ByteString Flipped(ByteString bytes)
    {
        byte[] other = bytes.ToByteArray();
        other[^1] ^= 1;
        return ByteString.CopyFrom(other);
    }

    private static RpcException PushedBack(string milliseconds) =>
        new(new Status(StatusCode.ResourceExhausted, "busy"), new Metadata { { "grpc-retry-pushback-ms", milliseconds } });
}
