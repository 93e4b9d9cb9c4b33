using Google.Protobuf;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Redis;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Challenges;

/// <summary>Instances of the service that share one real Redis: a challenge serves once on all of them together.</summary>
public sealed class SharedChallengeTests
{
    private static readonly Scenario Guest = Scenario.Vcek();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task T57_ChallengeUsedOnOneInstance_IsRefusedOnAnother()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RunningService one = await StartAsync(redis);
        await using RunningService other = await StartAsync(redis);
        CreateReferenceValueRequest register = Requests.Create("guest", Guest.Report.Measurement);
        register.RequestId = Guid.NewGuid().ToString();
        await Patience.EventuallyAsync(() => one.Registry.CreateReferenceValueAsync(register, RunningService.Registrar, cancellationToken: Cancellation).ResponseAsync);
        for (int i = 0; i < 20; i++)
        {
            // A call that times out may have used its challenge up: the round is then begun anew.
            (AttestationVerdict here, AttestationVerdict there) = await Patience.EventuallyAsync(async () =>
            {
                VerifyRequest request = Question(await one.Verifier.CreateChallengeAsync(new(), cancellationToken: Cancellation));
                return (await one.VerifyAsync(request), await other.VerifyAsync(request));
            });
            Assert.Equal(Outcome.Accepted, here.Outcome);
            Assert.Equal(Outcome.Rejected, there.Outcome);
            Assert.Equal(["EVIDENCE_IS_NOT_REPLAYED"], there.Failed());

            AttestationVerdict[] both = await Patience.EventuallyAsync(async () =>
            {
                VerifyRequest request = Question(await other.Verifier.CreateChallengeAsync(new(), cancellationToken: Cancellation));
                return await Task.WhenAll(one.VerifyAsync(request), other.VerifyAsync(request));
            });
            Assert.Single(both, v => v.Outcome == Outcome.Accepted);
            Assert.Single(both, v => v.Failed() is ["EVIDENCE_IS_NOT_REPLAYED"]);
        }
    }

    [Fact]
    public async Task T57_EmbeddedStore_KeepsAChallengeOverARestart_AndForgetsNoUse()
    {
        string data = Directory.CreateTempSubdirectory("verifier-challenge-").FullName;
        try
        {
            VerifyRequest used = null!, unused;
            await using (RunningService before = await RunningService.StartAsync([$"--Store:DataDirectory={data}"], Guest.Amd.Roots))
            {
                await before.RegisterAsync("guest", Guest.Report.Measurement);
                unused = Question(await before.Verifier.CreateChallengeAsync(new(), cancellationToken: Cancellation));
                Assert.Equal(Outcome.Accepted, (await Patience.ThroughStallsAsync(async () =>
                {
                    used = Question(await before.Verifier.CreateChallengeAsync(new(), cancellationToken: Cancellation));
                    return await before.VerifyAsync(used);
                })).Outcome);
            }

            await using RunningService after = await RunningService.StartAsync([$"--Store:DataDirectory={data}"], Guest.Amd.Roots);

            Assert.Equal(["EVIDENCE_IS_NOT_REPLAYED"], (await after.VerifyAsync(used)).Failed());
            Assert.Equal(Outcome.Accepted, (await after.VerifyAsync(unused)).Outcome);
            VerifyRequest late = Question(await after.Verifier.CreateChallengeAsync(new(), cancellationToken: Cancellation));
            after.Clock.Pass(TimeSpan.FromSeconds(121));
            Assert.Equal(["EVIDENCE_IS_NOT_REPLAYED"], (await after.VerifyAsync(late)).Failed());
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static VerifyRequest Question(CreateChallengeResponse challenge)
    {
        Scenario guest = Guest.WithReport(r => r with { ReportData = challenge.Challenge.ToByteArray() });
        VerifyRequest request = Requests.Verify(guest.SignReport(), reportData: null, guest.Certificates);
        request.Binding = new ReportDataBinding { Challenge = new ChallengeBinding { Challenge = ByteString.CopyFrom(challenge.Challenge.Span) } };
        return request;
    }

    private static async Task<RunningService> StartAsync(RedisServer redis)
    {
        RunningService service = await RunningService.StartAsync(redis, Guest.Amd.Roots);
        await Patience.EventuallyAsync(() => service.Registry.ListReferenceValuesAsync(new ListReferenceValuesRequest(), cancellationToken: Cancellation).ResponseAsync);
        return service;
    }
}
