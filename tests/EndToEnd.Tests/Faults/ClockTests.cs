using Google.Protobuf;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Preload;
using Verifier.TestKit.Redis;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>F32, F33: wall clocks that are wrong, that jump, and that differ. Only what is about dates goes by them.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    private readonly FaultBench _bench = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Shim.Clock.IsPresent, Shim.Clock.SkipReason);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(30)]
    [InlineData(-10)]
    public async Task F32_ClockYearsOff_RejectsForTheDatesOfTheCertificates_AndKeepsTheRegistry(int years)
    {
        ServiceProcess service = await _bench.StartAsync(Off(TimeSpan.FromDays(365 * years)));
        await FaultBench.RegisterAsync(service, 0);
        AttestationVerdict verdict = await FaultBench.VerdictAsync(service, 0);
        Assert.Equal(Outcome.Rejected, verdict.Outcome);
        Assert.Contains(verdict.Failed(), c => c.Contains("CERTIFICATE", StringComparison.Ordinal));
        Assert.DoesNotContain("MEASUREMENT_IS_REGISTERED", verdict.Failed());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-4)]
    public async Task F32_ClockMinutesOff_ChangesNothing(int minutes)
    {
        ServiceProcess service = await _bench.StartAsync(Off(TimeSpan.FromMinutes(minutes)));
        await FaultBench.RegisterAsync(service, 0);
        await FaultBench.AcceptsAsync(service, 0);
        await FaultBench.RevokeAsync(service, 0);
        Assert.Equal(Outcome.Rejected, (await FaultBench.VerdictAsync(service, 0)).Outcome);
    }

    [Fact]
    public async Task F32_ClockThatJumpsUnderLoad_IsFollowedInTheDatesAlone()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        FakeClock clock = new(_bench.Folder, TimeSpan.Zero);
        ServiceProcess service = await _bench.StartAsync(clock.Surroundings, OnRedis.Settings(redis));
        await FaultBench.RegisterAsync(service, 0);
        await FaultBench.AcceptsAsync(service, 0);
        foreach (int years in new[] { 30, -10 })
        {
            await using (Poller poller = new(service, FaultBench.Question(0)))
            {
                clock.Set(TimeSpan.FromDays(365 * years));
                await UntilAsync(() => poller.Rejected > 5);
                int accepted = poller.Accepted;
                await UntilAsync(() => poller.Rejected > 50);
                Assert.Equal(accepted, poller.Accepted);
            }

            clock.Set(TimeSpan.Zero);
            await using Poller after = new(service, FaultBench.Question(0));
            await UntilAsync(() => after.Accepted > 50);
        }

        await FaultBench.RevokeAsync(service, 0);
        Assert.Equal(Outcome.Rejected, (await FaultBench.VerdictAsync(service, 0)).Outcome);
    }

    [Fact]
    public async Task F33_TwoInstancesMinutesApart_ShareRegistryChallengesAndRevocations()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        ServiceProcess right = await _bench.StartAsync(Surroundings.Usual, OnRedis.Settings(redis));
        ServiceProcess ahead = await _bench.StartAsync(Off(TimeSpan.FromMinutes(4)), OnRedis.Settings(redis));
        await FaultBench.RegisterAsync(ahead, 0);
        await FaultBench.RegisterAsync(right, 1);
        await BothTakeChallengesAsync(right, ahead);
        await FaultBench.RevokeAsync(right, 0);
        await FaultBench.RevokeAsync(ahead, 1);
        foreach (ServiceProcess service in new[] { right, ahead })
        {
            Assert.Equal(Outcome.Rejected, (await FaultBench.VerdictAsync(service, 0)).Outcome);
            Assert.Equal(Outcome.Rejected, (await FaultBench.VerdictAsync(service, 1)).Outcome);
        }
    }

    /// <summary>The log takes no entry that is five minutes older than one before it: the instance behind makes no changes then, and all else goes on.</summary>
    [Fact]
    public async Task F33_TwoInstancesTenMinutesApart_VerifyAndFollowRevocations_AndTheOneBehindChangesNothing()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        ServiceProcess right = await _bench.StartAsync(Surroundings.Usual, OnRedis.Settings(redis));
        ServiceProcess ahead = await _bench.StartAsync(Off(TimeSpan.FromMinutes(10)), OnRedis.Settings(redis));
        await FaultBench.RegisterAsync(right, 0);
        await FaultBench.RegisterAsync(ahead, 1);
        await BothTakeChallengesAsync(right, ahead);
        await FaultBench.RevokeAsync(ahead, 0);
        Assert.Equal(Outcome.Rejected, (await FaultBench.VerdictAsync(right, 0)).Outcome);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => right.Registry.RevokeReferenceValueAsync(
            new RevokeReferenceValueRequest { Name = Requests.Name("guest-1"), Reason = "fault" }, ServiceProcess.Credentials, cancellationToken: Ct).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        await FaultBench.AcceptsAsync(ahead, 1);
    }

    /// <summary>Whoever made a challenge, both take it, and once only.</summary>
    private static async Task BothTakeChallengesAsync(ServiceProcess one, ServiceProcess other)
    {
        foreach ((ServiceProcess maker, ServiceProcess taker) in new[] { (one, one), (other, other), (other, one), (one, other) })
        {
            // A call that times out may have used its challenge up: it is then begun anew.
            (AttestationVerdict first, AttestationVerdict again) = await Patience.EventuallyAsync(async () =>
            {
                VerifyRequest question = await ChallengedAsync(maker);
                return (await FaultBench.VerifyAsync(taker, question), await FaultBench.VerifyAsync(maker, question));
            });
            Assert.Equal(Outcome.Accepted, first.Outcome);
            Assert.Equal(["EVIDENCE_IS_NOT_REPLAYED"], again.Failed());
        }
    }

    private Surroundings Off(TimeSpan off) => new FakeClock(_bench.Folder, off).Surroundings;

    private static async Task<VerifyRequest> ChallengedAsync(ServiceProcess service)
    {
        ByteString challenge = (await Patience.EventuallyAsync(() => service.Verifier.CreateChallengeAsync(new(), cancellationToken: Ct).ResponseAsync)).Challenge;
        Scenario guest = FaultBench.Guest(1).WithReport(r => r with { ReportData = challenge.ToByteArray() });
        VerifyRequest request = Requests.Verify(guest.SignReport(), reportData: null, guest.Certificates);
        request.Binding = new ReportDataBinding { Challenge = new ChallengeBinding { Challenge = challenge } };
        return request;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (int tried = 0; !holds(); tried++)
        {
            Assert.True(tried < 6000, "Not within two minutes.");
            await Task.Delay(20, Ct);
        }
    }
}
