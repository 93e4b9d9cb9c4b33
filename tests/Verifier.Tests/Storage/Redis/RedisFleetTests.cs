using System.Diagnostics;
using System.Security.Cryptography;
using SevSnp.Primitives;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Redis;
using Verifier.TestKit.Redis;
using Verifier.TestKit.Timing;

namespace Verifier.Tests.Storage.Redis;

/// <summary>Real primaries with replicas and sentinels, over TLS: what is acknowledged survives, and who was replaced is not believed.</summary>
[Collection(RedisAlone.Name)]
public sealed class RedisFleetTests : IAsyncLifetime
{
    private readonly RedisStores _stores = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task F09_PrimaryKilled_IsFollowedToTheNewOne_AndNothingAcknowledgedIsLost()
    {
        RedisFleet fleet = _stores.Own(await RedisFleet.StartAsync(2));
        RedisOptions options = RedisStores.Options(fleet);
        options.Replicas = 1;
        RedisStore store = await _stores.ReadyAsync(options);
        Digest384 kept = Samples.Digest(), revoked = Samples.Digest();
        await RedisStores.AcknowledgedAsync(() => store.References.CreateAsync(Samples.Value("kept", kept), Key(1), Ct));
        await RedisStores.AcknowledgedAsync(() => store.References.CreateAsync(Samples.Value("revoked", revoked), Key(2), Ct));
        await RedisStores.AcknowledgedAsync(() => store.References.ChangeStateAsync(Samples.Revoke("revoked"), Key(3), Ct));
        byte[] challenge = await RedisStores.SpentAsync(store);

        await fleet.Servers[0].KillAsync();
        // How long the sentinels take to agree is their own affair: on a busy machine they begin more than once.
        await fleet.FailedOverAsync(0);
        FairWatch watch = FairWatch.StartNew();
        MeasurementEntry entry = await RedisStores.AcknowledgedAsync(() => store.References.FindAsync("default", kept, [], Ct));
        TimeSpan taken = await watch.ElapsedAsync();
        Assert.True(taken < TimeSpan.FromSeconds(12), $"Served again only {taken} after another server was the primary.");
        Assert.Single(entry.Values);
        Assert.NotNull((await RedisStores.AcknowledgedAsync(() => store.References.FindAsync("default", revoked, [], Ct))).Tombstone);

        // T57: a challenge that was spent just before is spent on the new primary, too.
        Assert.False(await RedisStores.AcknowledgedAsync(() => store.Challenges.TrySpendAsync("default", challenge, Ct)));

        // One of two replicas is the primary now, and one is what is demanded.
        Assert.IsType<ChangeOutcome.Done>(await RedisStores.AcknowledgedAsync(() => store.References.CreateAsync(Samples.Value("after"), Key(4), Ct)));
    }

    [Fact]
    public async Task F10_ReplicaThatHangs_MakesAChangeNotDurable_AndTheSameRequestIdTellsWhatStands()
    {
        RedisFleet fleet = _stores.Own(await RedisFleet.StartAsync(1, withSentinels: false));
        RedisStore store = await _stores.ReadyAsync(RedisTestClient.Options(fleet.Servers[0]));
        Digest384 digest = Samples.Digest();
        await RedisStores.AcknowledgedAsync(() => store.References.CreateAsync(Samples.Value("before", digest), Key(1), Ct));

        fleet.Servers[1].Stop();
        TimeSpan ofChange = await RedisStores.NotDurableAsync(() => store.References.CreateAsync(Samples.Value("late"), Key(2), Ct));
        TimeSpan ofChallenge = await RedisStores.NotDurableAsync(async () =>
        {
            // One that was perhaps spent without a word of it is no good for another trial.
            byte[] challenge = RandomNumberGenerator.GetBytes(64);
            Assert.True(await store.Challenges.TryAddAsync("default", challenge, TimeSpan.FromMinutes(5), 100, Ct));
            await store.Challenges.TrySpendAsync("default", challenge, Ct);
        });
        Assert.True(ofChange + ofChallenge < TimeSpan.FromSeconds(4), $"Both took {ofChange + ofChallenge}.");

        // A repeat finds the change made, and must not acknowledge it for that alone.
        await RedisStores.NotDurableAsync(() => store.References.CreateAsync(Samples.Value("late"), Key(2), Ct));

        fleet.Servers[1].Continue();
        Assert.IsType<ChangeOutcome.Done>(await RedisStores.AcknowledgedAsync(() => store.References.CreateAsync(Samples.Value("late"), Key(2), Ct)));
        Assert.Equal(2, await RedisStores.AcknowledgedAsync(() => store.Log.CountAsync("default", Ct)));
    }

    [Fact]
    public async Task F12_PrimaryCutOffFromItsReplicas_IsBelievedNoLongerThanItsProof_AndServesAgain()
    {
        RedisFleet fleet = _stores.Own(await RedisFleet.StartAsync(1, withSentinels: false));
        RedisStore store = await _stores.ReadyAsync(RedisTestClient.Options(fleet.Servers[0]));
        Digest384 digest = Samples.Digest();
        await RedisStores.AcknowledgedAsync(() => store.References.CreateAsync(Samples.Value("guest", digest), Key(1), Ct));
        await RedisStores.AcknowledgedAsync(() => store.References.FindAsync("default", digest, [], Ct));

        TimeSpan last = TimeSpan.MinValue;
        for (int tried = 0; tried < 5 && last == TimeSpan.MinValue; tried++)
        {
            // Where not one call was made while there was a proof, nothing was seen, and it is done again.
            fleet.Proxies[0].Heal();
            await fleet.FollowedAsync(0, 1);
            await RedisStores.AcknowledgedAsync(() => store.References.FindAsync("default", digest, [], Ct));
            last = await LastBelievedAsync(fleet, store, digest);
        }

        Assert.InRange(last, TimeSpan.Zero, RedisProofs.OldestProof + TimeSpan.FromMilliseconds(300));
        StoreUnavailableException refused = await Assert.ThrowsAnyAsync<StoreUnavailableException>(() => store.References.FindAsync("default", digest, [], Ct));
        Assert.DoesNotContain("not connected", refused.Message, StringComparison.Ordinal);

        // Nor by an instance that starts only now, and has never seen a replica: the store itself remembers them.
        fleet.Proxies[0].Drop();
        for (int tried = 0; (await fleet.Servers[0].CommandAsync("INFO", "replication")).Contains("state=online", StringComparison.Ordinal); tried++)
        {
            Assert.True(tried < 200, "The primary still counts its replica.");
            await Task.Delay(20, Ct);
        }

        RedisStore fresh = _stores.Open(RedisTestClient.Options(fleet.Servers[0]));
        for (int i = 0; i < 10; i++)
        {
            await Assert.ThrowsAnyAsync<StoreUnavailableException>(() => fresh.References.FindAsync("default", digest, [], Ct));
            await Task.Delay(50, Ct);
        }

        fleet.Proxies[0].Heal();
        await fleet.FollowedAsync(0, 1);
        Assert.Single((await RedisStores.AcknowledgedAsync(() => store.References.FindAsync("default", digest, [], Ct))).Values);
    }

    [Fact]
    public async Task F12_ReplicasDeclaredGone_ServeAlone_AndExpectedOnesAreDemanded()
    {
        RedisFleet fleet = _stores.Own(await RedisFleet.StartAsync(1, withSentinels: false));
        RedisOptions options = RedisTestClient.Options(fleet.Servers[0]);
        RedisStore store = await _stores.ReadyAsync(options);
        await RedisStores.AcknowledgedAsync(() => store.References.CreateAsync(Samples.Value("before"), Key(1), Ct));
        await fleet.Servers[1].KillAsync();
        await RedisStores.NotDurableAsync(() => store.References.CreateAsync(Samples.Value("late"), Key(2), Ct));

        options = RedisTestClient.Options(fleet.Servers[0]);
        options.Replicas = 0;
        RedisStore alone = await _stores.ReadyAsync(options);
        Assert.IsType<ChangeOutcome.Done>(await RedisStores.AcknowledgedAsync(() => alone.References.CreateAsync(Samples.Value("alone"), Key(3), Ct)));

        await fleet.Servers[1].StartAgainAsync();
        await fleet.FollowedAsync(0, 1);
        options = RedisTestClient.Options(fleet.Servers[0]);
        options.Replicas = 2;
        RedisStore demanding = await _stores.ReadyAsync(options);
        await RedisStores.NotDurableAsync(() => demanding.References.CreateAsync(Samples.Value("two"), Key(4), Ct));
        Assert.IsType<ChangeOutcome.Done>(await RedisStores.AcknowledgedAsync(() => store.References.CreateAsync(Samples.Value("late"), Key(2), Ct)));
    }

    [Fact]
    public async Task F16_FailOverToAServerThatIsNotFit_IsRefused_NamingTheSetting()
    {
        RedisFleet fleet = _stores.Own(await RedisFleet.StartAsync(1, extra: i => i == 1 ? ["maxmemory-policy allkeys-lru"] : []));
        RedisStore store = await _stores.ReadyAsync(RedisStores.Options(fleet));
        await fleet.Servers[0].KillAsync();
        Exception? refused = null;
        for (int tried = 0; tried < 300 && refused is not StoreUnfitException; tried++)
        {
            refused = await Record.ExceptionAsync(() => store.References.FindAsync("default", Samples.Digest(), [], Ct));
            await Task.Delay(50, Ct);
        }

        Assert.Contains("maxmemory-policy", Assert.IsType<StoreUnfitException>(refused).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F11_ChangeThatNobodyWasToldOf_MayBeLostByAFailOver_AndIsNoRollback()
    {
        RedisFleet fleet = _stores.Own(await RedisFleet.StartAsync(2));
        RedisOptions options = RedisStores.Options(fleet);
        options.Replicas = 1;
        RedisStore store = await _stores.ReadyAsync(options);
        using Instance instance = new(store, LogKey.Load);
        Digest384 digest = Samples.Digest();
        await RedisStores.AcknowledgedAsync(() => store.References.CreateAsync(Samples.Value("kept", digest), Key(1), Ct));
        await RedisStores.AcknowledgedAsync(() => instance.FindAsync(digest));
        await instance.FollowAsync();
        await Task.Delay(500, Ct);

        // Nothing gets to the replicas any more; the change is made on the old primary, seen there, and lost.
        fleet.Proxies[0].Cut(from => from.Address.ToString() is "127.0.0.11" or "127.0.0.12");
        await RedisStores.NotDurableAsync(() => store.References.CreateAsync(Samples.Value("lost"), Key(2), Ct));
        await Record.ExceptionAsync(instance.FollowAsync);
        await fleet.Servers[0].KillAsync();

        Assert.Single((await RedisStores.AcknowledgedAsync(() => instance.FindAsync(digest))).Values);
        Assert.Null(instance.Log.Fault);
        Assert.IsType<ChangeOutcome.Done>(await RedisStores.AcknowledgedAsync(() => store.References.CreateAsync(Samples.Value("other"), Key(3), Ct)));
        Assert.Null(await RedisStores.AcknowledgedAsync(() => store.References.GetAsync("default", "lost", Ct)));
        Assert.Single((await RedisStores.AcknowledgedAsync(() => instance.FindAsync(digest))).Values);
    }

    /// <summary>Cuts the primary off from its replica, and tells when the last call was answered after that, on a machine that is not busy; at least not before.</summary>
    private static async Task<TimeSpan> LastBelievedAsync(RedisFleet fleet, RedisStore store, Digest384 digest)
    {
        fleet.CutOff(0);
        FairWatch fair = FairWatch.StartNew();
        TimeSpan last = TimeSpan.MinValue;
        for (Stopwatch watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(4);)
        {
            if (await Record.ExceptionAsync(() => store.References.FindAsync("default", digest, [], Ct)) is null)
            {
                last = await fair.ElapsedAsync();
            }

            await Task.Delay(5, Ct);
        }

        return last;
    }

    private static RequestKey Key(int number) => new($"8f0fb5d6-54a5-4e6a-9a55-6d0b27a5c6a{number}", "fingerprint");
}
