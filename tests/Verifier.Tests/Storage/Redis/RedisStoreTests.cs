using System.Security.Cryptography;
using SevSnp.Primitives;
using StackExchange.Redis;
using Verifier.Ledger;
using Verifier.Service.Documents;
using Verifier.Service.Kds;
using Verifier.Service.Log;
using Verifier.Service.Log.Copies;
using Verifier.Service.Registry;
using Verifier.Service.Storage;
using Verifier.Service.Storage.Redis;
using Verifier.TestKit.Redis;

namespace Verifier.Tests.Storage.Redis;

/// <summary>The contract on a real Redis with TLS and a user that has no rights but those the documentation names (T74, T75).</summary>
[Collection(RedisAlone.Name)]
public sealed class RedisStoreTests : StoreContract
{
    private RedisServer _server = null!;
    private ConnectionMultiplexer _admin = null!;

    private protected override DateTimeOffset CacheNow => TimeProvider.System.GetUtcNow();

    private IDatabase Raw => _admin.GetDatabase();

    [Fact]
    public async Task Revocation_IsSeenAtOnceThroughAnotherInstance()
    {
        IStore other = Track(Open());
        await ReadyAsync(other);
        for (int i = 0; i < 20; i++)
        {
            Digest384 digest = Samples.Digest();
            await CreatedAsync(Samples.Value($"r{i}", digest));
            Assert.True(Usable(await other.References.FindAsync("default", digest, Ct)));
            await ChangedAsync(Samples.Revoke($"r{i}"));
            Assert.False(Usable(await other.References.FindAsync("default", digest, Ct)));
        }
    }

    [Fact]
    public async Task T75_NothingWasRefusedToTheServicesUser()
    {
        await CreatedAsync(Samples.Value("release-1"), First);
        await ChangedAsync(Samples.Revoke("release-1"));
        await References.ListAsync("default", new(null, null), 10, "a", Ct);
        await Store.Log.ReadAsync("default", 0, 10, Ct);
        await Store.Certificates.SetAsync("a", new byte[] { 1 }, CacheNow.AddHours(1), Ct);
        await Store.Certificates.RemoveAsync("a", Ct);
        await Store.Challenges.TryAddAsync("default", new byte[64], TimeSpan.FromMinutes(1), 1, Ct);
        await Store.Challenges.TryAddAsync("default", new byte[64], TimeSpan.FromMinutes(1), 2, Ct);
        await Store.Challenges.TrySpendAsync("default", new byte[64], Ct);
        await FleetCallsAsync(Store.Fleet!);
        await References.PingAsync(Ct);
        RedisResult[] refused = (RedisResult[])(await Raw.ExecuteAsync("ACL", "LOG"))!;
        Assert.True(refused.Length == 0, string.Join("; ", refused.Select(r => r.ToDictionary()["object"].ToString())));
    }

    private static async Task FleetCallsAsync(IKdsFleet fleet)
    {
        await fleet.TryLeaseAsync("a", "holder", TimeSpan.FromSeconds(15), Ct);
        await fleet.RenewLeaseAsync("a", TimeSpan.FromSeconds(15), Ct);
        await fleet.EndLeaseAsync("a", "ended", TimeSpan.FromSeconds(15), Ct);
        await fleet.EndLeaseAsync("a", null, TimeSpan.Zero, Ct);
        await fleet.TryTakeTurnAsync(KdsLane.Leaves, TimeSpan.FromMilliseconds(10), Ct);
        await fleet.PauseAsync(TimeSpan.FromMilliseconds(10), Ct);
        await fleet.PauseLeftAsync(Ct);
    }

    [Fact]
    public async Task FleetAgreesAcrossInstances()
    {
        IKdsFleet one = Store.Fleet!;
        IKdsFleet other = Track(Open()).Fleet!;
        TimeSpan life = TimeSpan.FromSeconds(30);
        Assert.True((await one.TryLeaseAsync("chip", "one", life, Ct)).IsOurs);
        Assert.Equal(new KdsLease(IsOurs: false, null), await other.TryLeaseAsync("chip", "other", life, Ct));
        Assert.True((await other.TryLeaseAsync("another chip", "other", life, Ct)).IsOurs);

        await one.EndLeaseAsync("chip", "why", life, Ct);
        Assert.Equal(new KdsLease(IsOurs: false, "why"), await other.TryLeaseAsync("chip", "other", life, Ct));
        await one.EndLeaseAsync("chip", null, TimeSpan.Zero, Ct);
        Assert.True((await other.TryLeaseAsync("chip", "other", TimeSpan.FromMilliseconds(50), Ct)).IsOurs);
        await Task.Delay(200, Ct);
        Assert.True((await one.TryLeaseAsync("chip", "one", life, Ct)).IsOurs);

        Assert.Equal(TimeSpan.Zero, await one.TryTakeTurnAsync(KdsLane.Leaves, life, Ct));
        Assert.InRange(await other.TryTakeTurnAsync(KdsLane.Leaves, life, Ct), TimeSpan.FromSeconds(20), life);
        for (int i = 0; i < KdsLanes.IssuersAtOnce; i++)
        {
            Assert.Equal(TimeSpan.Zero, await (i % 2 == 0 ? one : other).TryTakeTurnAsync(KdsLane.Issuers, life, Ct));
        }

        Assert.True(await one.TryTakeTurnAsync(KdsLane.Issuers, life, Ct) > TimeSpan.FromSeconds(60));

        Assert.Equal(TimeSpan.Zero, await other.PauseLeftAsync(Ct));
        await one.PauseAsync(TimeSpan.FromSeconds(60), Ct);
        await other.PauseAsync(TimeSpan.FromSeconds(10), Ct);
        Assert.InRange(await other.PauseLeftAsync(Ct), TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(60));
    }

    // Each challenge is spent twice at one time, by two instances, before or after Redis was killed.
    [Fact]
    public async Task T57_TenThousandDoubleSpends_HaveOneWinnerEach()
    {
        const int Count = 10_000;
        IStore other = Track(Open());
        await ReadyAsync(other);
        byte[][] challenges = [.. Enumerable.Range(0, Count).Select(_ => RandomNumberGenerator.GetBytes(64))];
        int[] winners = new int[Count];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = 128, CancellationToken = Ct };
        await Parallel.ForAsync(0, Count, parallel, async (i, _) => Assert.True(await TryIssueAsync(challenges[i], most: Count)));

        await Parallel.ForAsync(0, Count / 2, parallel, async (i, _) => await SpendTwiceAsync(i));
        await _server.KillAsync();
        await _server.StartAgainAsync();
        await ReadyAsync(Store);
        await ReadyAsync(other);
        await Parallel.ForAsync(0, Count, parallel, async (i, _) => await SpendTwiceAsync(i));

        Assert.All(winners, w => Assert.Equal(1, w));

        async Task SpendTwiceAsync(int i)
        {
            bool[] won = await Task.WhenAll(Challenges.TrySpendAsync("default", challenges[i], Ct), other.Challenges.TrySpendAsync("default", challenges[i], Ct));
            winners[i] += won.Count(w => w);
        }
    }

    [Fact]
    public async Task T57_ChallengeOfOneInstance_ServesOnAnother_AndOnlyOnce()
    {
        IStore other = Track(Open());
        await ReadyAsync(other);
        byte[] one = await IssuedAsync(), two = await IssuedAsync();

        Assert.True(await other.Challenges.TrySpendAsync("default", one, Ct));
        Assert.False(await Challenges.TrySpendAsync("default", one, Ct));
        Assert.True(await Challenges.TrySpendAsync("default", two, Ct));
        Assert.False(await other.Challenges.TrySpendAsync("default", two, Ct));
    }

    [Fact]
    public async Task T57_RedisAway_IsNeverASpentChallenge()
    {
        byte[] challenge = await IssuedAsync();
        await _server.KillAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Challenges.TrySpendAsync("default", challenge, Ct));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => TryIssueAsync(RandomNumberGenerator.GetBytes(64)));

        await _server.StartAgainAsync();
        await ReadyAsync(Store);
        Assert.True(await Challenges.TrySpendAsync("default", challenge, Ct));
    }

    // Whoever reads the keys of Redis learns no challenge, and what was counted is forgotten by itself.
    [Fact]
    public async Task KeysOfChallenges_ShowNone_AndExpire()
    {
        byte[] challenge = await IssuedAsync();
        string hash = Convert.ToHexStringLower(SHA256.HashData(challenge));

        Assert.InRange(await Raw.KeyTimeToLiveAsync($"verifier:{{default}}:c:{hash}") ?? TimeSpan.Zero, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(120));
        Assert.NotNull(await Raw.KeyTimeToLiveAsync("verifier:{default}:challenges"));
        Assert.Equal(hash, Assert.Single(await Raw.SortedSetRangeByRankAsync("verifier:{default}:challenges")).ToString());
    }

    private protected override async ValueTask PrepareAsync()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        _server = await RedisServer.StartAsync();
        _admin = await RedisTestClient.ConnectAsync(_server);
    }

    private protected override async ValueTask CleanUpAsync()
    {
        if (_server is not null)
        {
            await _admin.DisposeAsync();
            await _server.DisposeAsync();
        }
    }

    /// <summary>With a long timeout: how short it can be is not what these tests ask.</summary>
    private protected override IStore Open()
    {
        RedisStore store = null!;
        store = new(RedisTestClient.Patient(_server), LogKey.Load, StoreWitness.Of(() => store, LogKey.Load), TimeProvider.System);
        return store;
    }

    private protected override Task WipeAsync() => Raw.ExecuteAsync("FLUSHALL");

    [Fact]
    public async Task ImportThatBrokeOff_IsRefusedToAll_AndTakenAwayByTheNext()
    {
        (byte[] copy, Digest384 digest) = await FilledAsync();
        string before = await FactsAsync(digest);
        await EmptiedAsync();
        CopyItem[] items = [.. CopyReader.Items(new MemoryStream(copy))];
        await Assert.ThrowsAsync<IOException>(() => Store.Import.ImportAsync("default", [1], BrokenOff(items), Ct));
        Assert.True(await Store.Log.CountAsync("default", Ct) > 0);
        await Assert.ThrowsAsync<StoreUnfitException>(() => CreatedAsync(Samples.Value("release-9")));
        using (Instance one = Beside(Store))
        {
            Assert.Equal(LogFault.Contradicted, await one.RefusedAsync(digest));
            Assert.NotNull(await one.Copies.ImportAsync("default", new MemoryStream(copy), Ct));
        }

        Assert.Equal(before, await FactsAsync(digest));
        using Instance after = Beside(Store);
        Assert.Null(await after.AuditAsync());
    }

    // A whole batch and more, then the end of the connection, as it were.
    private static IEnumerable<CopyItem> BrokenOff(CopyItem[] items)
    {
        foreach (CopyItem item in items)
        {
            yield return item;
        }

        for (int i = 0; i < 64; i++)
        {
            yield return items[^1];
        }

        throw new IOException("broken off");
    }

    private protected override Task ReadyAsync(IStore store) => RedisTestClient.ReadyAsync(store, TimeSpan.FromSeconds(60), Ct);

    /// <summary>Redis keeps its own time: what is left of each life is shortened instead.</summary>
    private protected override async Task PassAsync(TimeSpan time)
    {
        IServer server = _admin.GetServers()[0];
        await foreach (RedisKey key in server.KeysAsync())
        {
            if (await Raw.KeyTimeToLiveAsync(key) is { } left)
            {
                await Raw.KeyExpireAsync(key, left > time ? left - time : TimeSpan.FromMilliseconds(1));
            }

            // Scores of the set that counts challenges are times too.
            foreach (SortedSetEntry entry in key.ToString().EndsWith(":challenges", StringComparison.Ordinal) ? await Raw.SortedSetRangeByRankWithScoresAsync(key) : [])
            {
                await Raw.SortedSetAddAsync(key, entry.Element, entry.Score - time.TotalMilliseconds);
            }
        }

        await Task.Delay(5, Ct);
    }

    private protected override Task OverwriteValueAsync(string id, byte[] bytes) => Raw.StringSetAsync($"verifier:{{default}}:v:{id}", bytes);

    private protected override Task OverwriteTombstoneAsync(Digest384 measurement, byte[] bytes) =>
        Raw.HashSetAsync("verifier:{default}:tombstones", measurement.ToString(), bytes);

    private protected override async Task OverwriteLeafAsync(long index, byte[] bytes)
    {
        byte[] frame = (byte[])(await Raw.ListGetByIndexAsync("verifier:{default}:log", index))!;
        await Raw.ListSetByIndexAsync("verifier:{default}:log", index, (byte[])[.. frame[..32], .. bytes]);
    }

    private protected override Task OverwriteDocumentAsync(DocumentKind kind, string id, byte[] bytes) =>
        Raw.StringSetAsync($"verifier:{{default}}:d:{DocumentNames.Collection(kind)}:{id}", bytes);

    private protected override IStore Shared() => Track(Open());

    private protected override Task RemoveTombstoneAsync(Digest384 measurement) => Raw.HashDeleteAsync("verifier:{default}:tombstones", measurement.ToString());

    private protected override Task AddTombstoneAsync(Digest384 measurement, byte[] bytes) => OverwriteTombstoneAsync(measurement, bytes);

    private protected override Task ForgeLeafAsync(long index, byte[] bytes) =>
        Raw.ListSetByIndexAsync("verifier:{default}:log", index, (byte[])[.. TreeHashing.Leaf(bytes).ToArray(), .. bytes]);

    private protected override Task RemoveValueAsync(string id) => Raw.KeyDeleteAsync($"verifier:{{default}}:v:{id}");

    private protected override async Task AddValueAsync(string id, byte[] bytes)
    {
        await OverwriteValueAsync(id, bytes);
        await Raw.SortedSetAddAsync("verifier:{default}:ids", id, 0);
    }

    private protected override Task KeepLeavesAsync(long count) => Raw.ListTrimAsync("verifier:{default}:log", 0, count - 1);

    private protected override Task RemoveDocumentAsync(DocumentKind kind, string id) => Raw.KeyDeleteAsync($"verifier:{{default}}:d:{DocumentNames.Collection(kind)}:{id}");

    private protected override Task OverwriteHeadAsync(byte[] bytes) => Raw.StringSetAsync("verifier:{default}:head", bytes);

    private protected override Task AddNearAsync(Digest384 measurement, string id, byte[] bytes) => Raw.SetAddAsync($"verifier:{{default}}:near:{measurement}", bytes);

    private protected override Task UnindexSignerAsync(Digest384 signer, string id) => Raw.SetRemoveAsync($"verifier:{{default}}:s:{signer}", id);

    private protected override Task IndexSignerAsync(Digest384 signer, string id) => Raw.SetAddAsync($"verifier:{{default}}:s:{signer}", id);

    private protected override Task IndexAsync(Digest384 measurement, string id) => Raw.SetAddAsync($"verifier:{{default}}:m:{measurement}", id);
}
