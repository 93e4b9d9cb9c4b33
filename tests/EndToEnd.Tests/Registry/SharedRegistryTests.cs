using System.Diagnostics;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.Service.Documents;
using Verifier.TestKit;
using Verifier.TestKit.Redis;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Registry;

/// <summary>Instances of the service that share one real Redis, with a password and TLS.</summary>
public sealed class SharedRegistryTests
{
    private static readonly Scenario Guest = Scenario.Vcek();

    private static readonly TimeSpan Age = TimeSpan.FromMilliseconds(100);

    private static VerifyRequest Question => Requests.Verify(Guest, Guest.Certificates);

    [Fact]
    public async Task RevokedOnOneInstance_IsRejectedByTheVeryNextCallOnAnother()
    {
        await using RedisServer redis = await StartRedisAsync();
        await using RunningService one = await StartAsync(redis);
        await using RunningService other = await StartAsync(redis);
        for (int i = 0; i < 1000; i++)
        {
            // A revoked measurement stays so: each round has a guest of its own.
            VerifyRequest question = await RegisteredAsync(one, i);
            RevokeReferenceValueRequest revoke = new() { Name = Requests.Name($"guest-{i}"), Reason = "test", RequestId = Guid.NewGuid().ToString() };

            Assert.Equal(Outcome.Accepted, (await Patience.EventuallyAsync(() => other.VerifyAsync(question))).Outcome);
            await Patience.EventuallyAsync(() => one.Registry.RevokeReferenceValueAsync(revoke, RunningService.Registrar, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);
            AttestationVerdict verdict = await Patience.EventuallyAsync(() => other.VerifyAsync(question));

            Assert.Equal(["MEASUREMENT_IS_REGISTERED"], verdict.Failed());
        }
    }

    // Guests of one image that come in crowds share what is read of the store: the call after the acknowledgement must not get what was read before it. Where
    // readings serve for so long, one that began before the change is always at hand.
    [Fact]
    public async Task T72_RevokedOnOneInstance_IsRejectedByTheVeryNextCallOnAnother_InACrowdAsWell()
    {
        await using RedisServer redis = await StartRedisAsync();
        await using RunningService one = await StartAsync(redis, Age);
        await using RunningService other = await StartAsync(redis, Age);
        for (int i = 0; i < 10; i++)
        {
            VerifyRequest question = await RegisteredAsync(one, i);
            Assert.Equal(Outcome.Accepted, (await Patience.EventuallyAsync(() => other.VerifyAsync(question))).Outcome);

            using CancellationTokenSource end = new();
            Task[] crowd = [.. Enumerable.Range(0, 4).Select(_ => AskOnAsync(other, question, end.Token))];
            await one.RevokeAsync($"guest-{i}");
            AttestationVerdict verdict = await Patience.EventuallyAsync(() => other.VerifyAsync(question));
            await end.CancelAsync();
            await Task.WhenAll(crowd);

            Assert.Equal(["MEASUREMENT_IS_REGISTERED"], verdict.Failed());
        }
    }

    [Fact]
    public async Task PolicyOfOneInstance_JudgesTheVeryNextCallOnAnother_InACrowdAsWell()
    {
        await using RedisServer redis = await StartRedisAsync();
        await using RunningService one = await StartAsync(redis, Age);
        await using RunningService other = await StartAsync(redis, Age);
        await one.RegisterAsync("guest", Guest.Report.Measurement);
        await Patience.EventuallyAsync(() => other.VerifyAsync(Question));
        using CancellationTokenSource end = new();
        Task[] crowd = [.. Enumerable.Range(0, 4).Select(_ => AskOnAsync(other, Question, end.Token))];
        for (int i = 0; i < 10; i++)
        {
            ApplyPolicyRequest apply = new()
            {
                Policy = new() { Name = "tenants/default/policies/default", Rules = new() { Description = $"number {i}" } },
                Reason = "test",
                RequestId = Guid.NewGuid().ToString(),
            };

            Policy applied = (await Patience.EventuallyAsync(() => one.Policies.ApplyPolicyAsync(apply, RunningService.Registrar, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync)).Policy;
            AttestationVerdict verdict = await Patience.EventuallyAsync(() => other.VerifyAsync(Question));

            Assert.Equal(applied.Version, verdict.EffectivePolicy.Version);
        }

        await end.CancelAsync();
        await Task.WhenAll(crowd);
    }

    [Fact]
    public async Task TrustInASigner_IsSharedAtOnce_AndSoIsItsWithdrawal()
    {
        await using RedisServer redis = await StartRedisAsync();
        await using RunningService one = await StartAsync(redis);
        await using RunningService other = await StartAsync(redis);
        byte[] key = [.. Enumerable.Repeat((byte)0x1D, 48)], ids = [.. Enumerable.Repeat((byte)0xFA, 16)];
        Scenario guest = Guest.WithReport(r => r with { IdKeyDigest = key, GuestSvn = 5, FamilyId = ids, ImageId = ids });
        VerifyRequest question = Requests.Verify(guest, guest.Certificates);
        for (int i = 0; i < 5; i++)
        {
            // Once trust has been withdrawn, only trust in newer releases counts.
            CreateReferenceValueRequest register = Requests.CreateBySigner($"signer-{i}", key, ids, minGuestSvn: (uint)i);
            RevokeReferenceValueRequest revoke = new() { Name = Requests.Name($"signer-{i}"), Reason = "test", RequestId = Guid.NewGuid().ToString() };

            await Patience.EventuallyAsync(() => one.Registry.CreateReferenceValueAsync(register, RunningService.Registrar, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);
            AttestationVerdict accepted = await Patience.EventuallyAsync(() => other.VerifyAsync(question));
            await Patience.EventuallyAsync(() => one.Registry.RevokeReferenceValueAsync(revoke, RunningService.Registrar, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);
            AttestationVerdict refused = await Patience.EventuallyAsync(() => other.VerifyAsync(question));

            Assert.Equal((Outcome.Accepted, Requests.Name($"signer-{i}"), true), (accepted.Outcome, accepted.Reference?.Name, accepted.Reference?.BySigner));
            Assert.Equal(["MEASUREMENT_IS_REGISTERED"], refused.Failed());
        }
    }

    [Fact]
    public async Task F02_RedisStoppedInMidRun_IsUnavailableWithinASecond_AndRecoversByItself()
    {
        await using RedisServer redis = await StartRedisAsync();
        await using RunningService service = await StartAsync(redis);
        await service.RegisterAsync("guest", Guest.Report.Measurement);
        await AssertRecoversAsync(service);
        await InTimeAsync(async () =>
        {
            redis.Stop();
            TimeSpan longest = await LongestUnavailableAsync(service);
            redis.Continue();
            await AssertRecoversAsync(service);
            return longest;
        });
        await InTimeAsync(async () =>
        {
            await redis.KillAsync();
            TimeSpan longest = await LongestUnavailableAsync(service);
            await redis.StartAgainAsync();
            await AssertRecoversAsync(service);
            return longest;
        });
    }

    // A machine that stands still makes one outage last longer, and not one after the other.
    private static async Task InTimeAsync(Func<Task<TimeSpan>> outage)
    {
        List<TimeSpan> longest = [];
        do
        {
            longest.Add(await outage());
        }
        while (longest[^1] > TimeSpan.FromSeconds(1) && longest.Count < 5);

        Assert.True(longest[^1] <= TimeSpan.FromSeconds(1), string.Join(", ", longest));
    }

    private static async Task<RedisServer> StartRedisAsync()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        return await RedisServer.StartAsync();
    }

    // Comes back when the service has its connection.
    private static async Task<RunningService> StartAsync(RedisServer redis, TimeSpan? age = null)
    {
        RunningService service = age is { } told ? await RunningService.StartAsync(redis, Guest.Amd.Roots, told) : await RunningService.StartAsync(redis, Guest.Amd.Roots);
        await Patience.EventuallyAsync(() => service.Registry.ListReferenceValuesAsync(new ListReferenceValuesRequest(), cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);
        return service;
    }

    // The first calls find the broken connection, later ones a known outage: all must end within the second.
    private static async Task<TimeSpan> LongestUnavailableAsync(RunningService service)
    {
        // What was read just before serves calls for a few milliseconds more.
        await Task.Delay(4 * Moments.LongestAge);
        TimeSpan longest = TimeSpan.Zero;
        for (int i = 0; i < 5; i++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            RpcException failure = await Assert.ThrowsAsync<RpcException>(() => service.VerifyOnceAsync(Question));
            Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
            Assert.NotNull(failure.GetRpcStatus()?.GetDetail<Google.Rpc.RetryInfo>());
            longest = watch.Elapsed > longest ? watch.Elapsed : longest;
        }

        return longest;
    }

    // The question of a guest of its own.
    private static async Task<VerifyRequest> RegisteredAsync(RunningService service, int number)
    {
        Scenario guest = Guest.WithReport(r => r with { Measurement = [.. r.Measurement[..46], (byte)(number >> 8), (byte)number] });
        CreateReferenceValueRequest register = Requests.Create($"guest-{number}", guest.Report.Measurement);
        register.RequestId = Guid.NewGuid().ToString();
        await Patience.EventuallyAsync(() => service.Registry.CreateReferenceValueAsync(register, RunningService.Registrar, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);
        return Requests.Verify(guest, guest.Certificates);
    }

    // Whatever the answers are.
    private static async Task AskOnAsync(RunningService service, VerifyRequest question, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await service.VerifyOnceAsync(question);
            }
            catch (RpcException)
            {
                await Task.Delay(1, CancellationToken.None);
            }
        }
    }

    private static async Task AssertRecoversAsync(RunningService service) =>
        Assert.Equal(Outcome.Accepted, (await Patience.EventuallyAsync(() => service.VerifyAsync(Question))).Outcome);
}
