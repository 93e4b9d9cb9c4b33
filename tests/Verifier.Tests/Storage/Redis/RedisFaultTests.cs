using System.Diagnostics;
using SevSnp.Primitives;
using StackExchange.Redis;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;
using Verifier.Service.Storage.Redis;
using Verifier.TestKit.Redis;
using Verifier.TestKit.Timing;

namespace Verifier.Tests.Storage.Redis;

/// <summary>A real Redis that hangs, dies, comes back, or is not fit.</summary>
[Collection(RedisAlone.Name)]
public sealed class RedisFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly List<IAsyncDisposable> _owned = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }
    }

    [Fact]
    public async Task F01_HungRedis_IsUnavailableWithinASecond_AndServesAgainByItself()
    {
        RedisServer server = await ServerAsync();
        RedisStore store = await WarmAsync(server);
        Digest384 digest = Samples.Digest();
        await RedisStores.CreatedAsync(store, "release-1", digest);

        server.Stop();
        for (int i = 0; i < 5; i++)
        {
            await UnavailableAsync(() => store.References.FindAsync("default", digest, Ct), TimeSpan.FromMilliseconds(600));
            await UnavailableAsync(() => store.References.CreateAsync(Samples.Value($"late-{i}"), null, Ct), TimeSpan.FromSeconds(1.2));
        }

        server.Continue();
        await ServesWithinAsync(store, digest, Second);
    }

    [Fact]
    public async Task F01_HungRedis_HoldsNoCallOfMany_LongerThanItsTimeout()
    {
        RedisServer server = await ServerAsync();
        RedisStore store = await WarmAsync(server);
        Digest384 digest = Samples.Digest();
        await RedisStores.CreatedAsync(store, "release-1", digest);
        server.Stop();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => i % 10 == 0
            ? UnavailableAsync(() => store.References.CreateAsync(Samples.Value($"late-{i}"), null, Ct), TimeSpan.FromSeconds(2))
            : UnavailableAsync(() => store.References.FindAsync("default", digest, Ct), Second)));
        server.Continue();
        await ServesWithinAsync(store, digest, Second);
    }

    [Fact]
    public async Task ChecksOfManyAtOnce_CostNoConnection()
    {
        RedisServer server = await ServerAsync();
        RedisStore store = await ConnectedAsync(RedisTestClient.Patient(server));
        for (int i = 0; i < 20; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(_ => new Task[] { store.References.PingAsync(Ct), store.References.FindAsync("default", Samples.Digest(), Ct) }));
        }
    }

    [Fact]
    public async Task F02_KilledRedis_IsUnavailableAtOnce_AndServesWithinASecondOfItsReturn()
    {
        RedisServer server = await ServerAsync();
        RedisStore store = await WarmAsync(server);
        Digest384 digest = Samples.Digest();
        await RedisStores.CreatedAsync(store, "release-1", digest);
        foreach (double away in new[] { 0.1, 2 })
        {
            await server.KillAsync();
            await UnavailableAsync(() => store.References.FindAsync("default", digest, Ct), TimeSpan.FromMilliseconds(600));
            await Task.Delay(TimeSpan.FromSeconds(away), Ct);
            await UnavailableAsync(() => store.References.CreateAsync(Samples.Value("late"), null, Ct), TimeSpan.FromMilliseconds(600));
            await server.StartAgainAsync();
            await ServesWithinAsync(store, digest, Second);
        }
    }

    [Fact]
    public async Task F45_RedisAbsentAtTheStart_IsUnavailable_AndServesWhenItComes()
    {
        RedisServer server = await ServerAsync();
        await server.KillAsync();
        RedisStore store = Store(RedisTestClient.Options(server));
        await UnavailableAsync(() => store.References.FindAsync("default", Samples.Digest(), Ct), Second);
        await UnavailableAsync(() => store.References.PingAsync(Ct), TimeSpan.FromSeconds(1.2));
        await server.StartAgainAsync();
        await ServesWithinAsync(store, null, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task F13_KilledServer_LosesNothingAcknowledged()
    {
        RedisServer server = await ServerAsync();
        RedisStore store = await WarmAsync(server);
        List<string> acknowledged = [];
        for (int round = 0; round < 3; round++)
        {
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            Task writing = WriteUntilAsync(store, $"r{round}", acknowledged, stop.Token);
            int before = acknowledged.Count;
            await Task.Delay(200, Ct);
            for (int i = 0; acknowledged.Count < before + 4; i++)
            {
                Assert.True(i < 3000, "No changes are made.");
                await Task.Delay(10, Ct);
            }

            await server.KillAsync();
            await stop.CancelAsync();
            await writing;
            await server.StartAgainAsync();
            await ServesWithinAsync(store, null, Second);
        }

        Assert.True(acknowledged.Count > 10, $"Only {acknowledged.Count} changes were made.");
        foreach (string id in acknowledged)
        {
            Assert.NotNull(await RedisStores.AcknowledgedAsync(() => store.References.GetAsync("default", id, Ct)));
        }

        Assert.True(await RedisStores.AcknowledgedAsync(() => store.Log.CountAsync("default", Ct)) >= acknowledged.Count);
    }

    [Fact]
    public async Task F11_ChangeThatTimedOut_ConvergesOnRepeat()
    {
        RedisServer server = await ServerAsync();
        RedisStore store = await WarmAsync(server);
        RequestKey request = new("8f0fb5d6-54a5-4e6a-9a55-6d0b27a5c6a1", "fingerprint");
        Digest384 digest = Samples.Digest();
        for (int i = 0; i < 5; i++)
        {
            // Stopped in the middle of the change, at another point each time.
            string id = $"release-{i}";
            RequestKey key = request with { RequestId = $"{request.RequestId}-{i}" };
            Task<ChangeOutcome> change = store.References.CreateAsync(Samples.Value(id, digest), key, Ct);
            await Task.Delay(i, Ct);
            server.Stop();
            await Record.ExceptionAsync(() => change);
            server.Continue();
            await ServesWithinAsync(store, null, Second);
            Assert.IsType<ChangeOutcome.Done>(await RedisStores.AcknowledgedAsync(() => store.References.CreateAsync(Samples.Value(id, digest), key, Ct)));
            Assert.Equal(i + 1, await RedisStores.AcknowledgedAsync(() => store.Log.CountAsync("default", Ct)));
        }
    }

    [Theory]
    [InlineData("allkeys-lru", "yes", "always", "maxmemory-policy")]
    [InlineData("noeviction", "no", "always", "appendonly")]
    [InlineData("noeviction", "yes", "everysec", "appendfsync")]
    [InlineData("noeviction", "yes", "no", "appendfsync")]
    public async Task F16_UnfitRedis_IsRefused_NamingTheSetting(string eviction, string appendOnly, string appendFsync, string setting)
    {
        RedisServer server = await ServerAsync(new() { Eviction = eviction, AppendOnly = appendOnly, AppendFsync = appendFsync });
        RedisStore store = await ConnectedAsync(RedisTestClient.Patient(server));
        foreach (Func<Task> call in Calls(store))
        {
            StoreUnfitException refused = await Assert.ThrowsAsync<StoreUnfitException>(call);
            Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task F16_RedisMadeUnfitWhileRunning_IsRefusedFromTheNextPing_AndServesOnceRepaired()
    {
        RedisServer server = await ServerAsync();
        RedisStore store = await ConnectedAsync(RedisTestClient.Patient(server));
        await using ConnectionMultiplexer admin = await RedisTestClient.ConnectAsync(server);
        await store.References.PingAsync(Ct);
        await admin.GetServers()[0].ConfigSetAsync("maxmemory-policy", "allkeys-lru");
        await Assert.ThrowsAsync<StoreUnfitException>(() => store.References.PingAsync(Ct));
        await Assert.ThrowsAsync<StoreUnfitException>(() => store.References.FindAsync("default", Samples.Digest(), Ct));
        await admin.GetServers()[0].ConfigSetAsync("maxmemory-policy", "noeviction");
        await ServesWithinAsync(store, null, TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task PrimaryMadeAReplica_IsNeverReadFrom_AndServesOnceItIsPrimaryAgain()
    {
        RedisServer server = await ServerAsync();
        RedisStore store = await WarmAsync(server);
        Digest384 digest = Samples.Digest();
        await RedisStores.CreatedAsync(store, "release-1", digest);
        await using ConnectionMultiplexer admin = await RedisTestClient.ConnectAsync(server);

        // Of a primary that is away: what was changed there since, a revocation too, this server has not heard of.
        IServer direct = admin.GetServers()[0];
        await direct.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.References.FindAsync("default", digest, Ct));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.References.ChangeStateAsync(Samples.Revoke("release-2"), null, Ct));
        await direct.ExecuteAsync("REPLICAOF", "NO", "ONE");
        await ServesWithinAsync(store, digest, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task SeveralPrimaries_AreRefused_SinceEachMayLackARevocationOfTheOther()
    {
        RedisServer one = await ServerAsync(), other = await ServerAsync(new() { Password = one.Password });
        RedisOptions options = RedisTestClient.Patient(one);
        options.Endpoints.Add(other.Endpoint);
        options.Tls.CaFile = await BothAuthoritiesAsync(one, other);
        RedisStore store = await ConnectedAsync(options);
        Exception? refused = null;
        for (int i = 0; i < 500 && refused is not StoreUnfitException; i++)
        {
            // Until both are connected, only one is seen; the service goes on asking, too.
            await Task.Delay(20, Ct);
            refused = await Record.ExceptionAsync(() => store.References.PingAsync(Ct));
        }

        await Assert.ThrowsAsync<StoreUnfitException>(() => store.References.FindAsync("default", Samples.Digest(), Ct));
        Assert.Contains("Store:Redis:Endpoints", Assert.IsType<StoreUnfitException>(refused).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F13_DefaultUserWithoutRights_IsRefused_SinceARestartWouldDropEveryChange()
    {
        RedisServer server = await ServerAsync(new() { DefaultUser = "off" });
        RedisStore store = await ConnectedAsync(RedisTestClient.Patient(server));
        StoreUnfitException refused = await Assert.ThrowsAsync<StoreUnfitException>(() => store.References.CreateAsync(Samples.Value("release-1"), null, Ct));
        Assert.Contains("user default off ~* &* +@all", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoweredDurability_AcceptsEverySecond_ButNotNone()
    {
        RedisServer everySecond = await ServerAsync(new() { AppendFsync = "everysec" });
        RedisOptions options = RedisTestClient.Patient(everySecond);
        options.Durability = RedisDurability.EverySecond;
        await (await ConnectedAsync(options)).References.PingAsync(Ct);

        RedisServer none = await ServerAsync(new() { AppendFsync = "no" });
        options = RedisTestClient.Patient(none);
        options.Durability = RedisDurability.EverySecond;
        await Assert.ThrowsAsync<StoreUnfitException>(async () => await (await ConnectedAsync(options)).References.PingAsync(Ct));
    }

    [Fact]
    public async Task SettingsNotTold_AreRefused_UnlessTheOperatorVouches()
    {
        RedisServer server = await ServerAsync(new() { Rights = RedisServerSetup.ServiceRights.Replace(" +config|get", "", StringComparison.Ordinal) });
        RedisOptions options = RedisTestClient.Patient(server);
        StoreUnfitException refused = await Assert.ThrowsAsync<StoreUnfitException>(async () => await (await ConnectedAsync(options)).References.PingAsync(Ct));
        Assert.Contains("declared-by-operator", refused.Message, StringComparison.Ordinal);

        options.Durability = RedisDurability.DeclaredByOperator;
        RedisStore store = await ConnectedAsync(options);
        await store.References.PingAsync(Ct);
        Assert.IsType<ChangeOutcome.Done>(await store.References.CreateAsync(Samples.Value("release-1"), null, Ct));
        Assert.Contains(store.Warnings, w => w.Contains("declared-by-operator", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(" +hsetnx")]
    [InlineData(" +rpush")]
    [InlineData(" +multi")]
    [InlineData(" +watch")]
    [InlineData(" +hlen")]
    public async Task MissingRight_IsRefusedByName_AndNothingIsWrittenInPart(string right)
    {
        RedisServer server = await ServerAsync(new() { Rights = RedisServerSetup.ServiceRights.Replace(right, "", StringComparison.Ordinal) });
        RedisStore store = await ConnectedAsync(RedisTestClient.Patient(server));
        await using ConnectionMultiplexer admin = await RedisTestClient.ConnectAsync(server);
        Digest384 digest = Samples.Digest();
        ChangeOutcome? created = null;
        Exception? refused = await RefusalAsync(async () => created = await store.References.CreateAsync(Samples.Value("release-1", digest), null, Ct));
        if (created is not null)
        {
            refused = await RefusalAsync(() => store.References.ChangeStateAsync(Samples.Revoke("release-1"), null, Ct));
        }

        Assert.True(refused is StoreUnfitException, refused?.ToString());
        Assert.Contains("docs/store.md", refused!.Message, StringComparison.Ordinal);
        Assert.Equal(created is null ? 0 : 1, await admin.GetDatabase().ListLengthAsync("verifier:{default}:log"));
        byte[]? stored = await admin.GetDatabase().StringGetAsync("verifier:{default}:v:release-1");
        Assert.Equal(created is ChangeOutcome.Done done ? RecordCodec.Encode(done.Value) : null, stored);
    }

    [Fact]
    public async Task T74_WrongPassword_IsUnavailable_NamingTheSettings()
    {
        RedisServer server = await ServerAsync();
        RedisOptions options = RedisTestClient.Options(server);
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "wrong", Ct);
        options.PasswordFile = file;
        await RefusedConnectionAsync(options);
        File.Delete(file);
    }

    [Fact]
    public async Task T74_WrongAuthority_IsUnavailable_NamingTheSettings()
    {
        RedisServer server = await ServerAsync();
        RedisServer other = await ServerAsync();
        RedisOptions options = RedisTestClient.Options(server);
        options.Tls.CaFile = other.Certificates.CaFile;
        await RefusedConnectionAsync(options);
    }

    [Fact]
    public async Task T74_WrongHost_IsUnavailable_AndTheRightOneServes()
    {
        RedisServer server = await ServerAsync();
        RedisOptions options = RedisTestClient.Options(server);
        options.Tls.Host = "other.test";
        await RefusedConnectionAsync(options);
        options = RedisTestClient.Patient(server);
        options.Tls.Host = "redis.test";
        await (await ConnectedAsync(options)).References.PingAsync(Ct);
    }

    [Fact]
    public async Task T74_AuthorityOfTheSystem_DoesNotVouchForAPrivateServer()
    {
        RedisServer server = await ServerAsync();
        RedisOptions options = RedisTestClient.Options(server);
        options.Tls.CaFile = "";
        await RefusedConnectionAsync(options);
    }

    private static async Task<string> BothAuthoritiesAsync(RedisServer one, RedisServer other)
    {
        string file = one.Certificates.CaFile + ".both";
        await File.WriteAllTextAsync(file, await File.ReadAllTextAsync(one.Certificates.CaFile, Ct) + "\n" + await File.ReadAllTextAsync(other.Certificates.CaFile, Ct), Ct);
        return file;
    }

    // Why a transaction was refused is told beside its answer, and on a busy machine perhaps too late for the caller.
    private static async Task<Exception?> RefusalAsync(Func<Task> change)
    {
        Exception? refused = await Record.ExceptionAsync(change);
        for (int tried = 0; tried < 20 && refused is StoreUnavailableException; tried++)
        {
            refused = await Record.ExceptionAsync(change);
        }

        return refused;
    }

    private static IEnumerable<Func<Task>> Calls(RedisStore store) =>
    [
        () => store.References.FindAsync("default", Samples.Digest(), Ct),
        () => store.References.CreateAsync(Samples.Value("release-1"), null, Ct),
        () => store.Log.CountAsync("default", Ct),
        () => store.Certificates.GetAsync("a", Ct),
        () => store.References.PingAsync(Ct),
    ];

    private static async Task UnavailableAsync(Func<Task> call, TimeSpan limit)
    {
        FairWatch watch = FairWatch.StartNew();
        await Assert.ThrowsAsync<StoreUnavailableException>(call);
        TimeSpan held = await watch.ElapsedAsync();
        Assert.True(held < limit, $"The call was held for {held}.");
    }

    private static async Task ServesWithinAsync(RedisStore store, Digest384? known, TimeSpan limit)
    {
        await RedisTestClient.ReadyAsync(store, limit, Ct);
        if (known is { } digest)
        {
            Assert.Single((await RedisStores.AcknowledgedAsync(() => store.References.FindAsync("default", digest, Ct))).Values);
        }
    }

    private static async Task WriteUntilAsync(RedisStore store, string prefix, List<string> acknowledged, CancellationToken stop)
    {
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                string id = $"{prefix}-{i}";
                if (await store.References.CreateAsync(Samples.Value(id), null, stop) is ChangeOutcome.Done)
                {
                    acknowledged.Add(id);
                }
            }
            catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
            {
                // Not acknowledged, so nothing is owed.
            }
        }
    }

    private async Task RefusedConnectionAsync(RedisOptions options)
    {
        RedisStore store = Store(options);
        string told = "";
        for (int i = 0; i < 300 && !told.Contains("Store:Redis:User", StringComparison.Ordinal); i++)
        {
            // Until the first attempt to connect has ended, there is nothing to tell but that there is no answer.
            told = (await Assert.ThrowsAsync<StoreUnavailableException>(() => store.References.CreateAsync(Samples.Value("release-1"), null, Ct))).Message;
            await Task.Delay(100, Ct);
        }

        Assert.Contains("Store:Redis:User", told, StringComparison.Ordinal);
    }

    private async Task<RedisServer> ServerAsync(RedisServerSetup? setup = null)
    {
        RedisServer server = await RedisServer.StartAsync(setup);
        _owned.Add(server);
        return server;
    }

    private async Task<RedisStore> WarmAsync(RedisServer server)
    {
        RedisStore store = Store(RedisTestClient.Options(server));
        await RedisTestClient.ReadyAsync(store, TimeSpan.FromSeconds(60), Ct);
        return store;
    }

    // Until there is a connection, nothing can be told but that there is none; how long that takes depends on how busy the machine is.
    private async Task<RedisStore> ConnectedAsync(RedisOptions options)
    {
        RedisStore store = Store(options);
        Stopwatch watch = Stopwatch.StartNew();
        while (await Record.ExceptionAsync(() => store.References.PingAsync(Ct)) is StoreUnavailableException && watch.Elapsed < TimeSpan.FromSeconds(60))
        {
            await Task.Delay(20, Ct);
        }

        return store;
    }

    private RedisStore Store(RedisOptions options)
    {
        RedisStore store = null!;
        store = new(options, LogKey.Load, StoreWitness.Of(() => store, LogKey.Load), TimeProvider.System);
        _owned.Add(store);
        return store;
    }
}
