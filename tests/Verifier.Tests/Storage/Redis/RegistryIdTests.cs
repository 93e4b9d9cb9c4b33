using SevSnp.Primitives;
using Verifier.Service.Log;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Redis;
using Verifier.TestKit.Redis;

namespace Verifier.Tests.Storage.Redis;

/// <summary>A service knows its registry again: not an emptied one, not another one, not one that went back.</summary>
[Collection(RedisAlone.Name)]
public sealed class RegistryIdTests : IAsyncLifetime
{
    private readonly RedisStores _stores = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("verifier-registry-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task F17_EmptiedRedis_IsRefusedWhileRunning_AndAfterARestart()
    {
        RedisServer server = _stores.Own(await RedisServer.StartAsync());
        RedisStore store = await _stores.ReadyAsync(RedisTestClient.Patient(server), Ids());
        await server.CommandAsync("FLUSHALL");
        await Assert.ThrowsAsync<StoreUnfitException>(() => store.References.PingAsync(Ct));
        Assert.NotNull((await Assert.ThrowsAsync<StoreUnfitException>(() => store.References.FindAsync("default", Samples.Digest(), [], Ct))).Fix);

        await RefusedAsync(_stores.Open(RedisTestClient.Patient(server), Ids()));
        Assert.DoesNotContain("1", await server.CommandAsync("EXISTS", "verifier:registry"), StringComparison.Ordinal);

        // Who has never seen it, and says that this is meant by having no memory, makes a new registry.
        await _stores.ReadyAsync(RedisTestClient.Patient(server));
        await RefusedAsync(_stores.Open(RedisTestClient.Patient(server), Ids()));
    }

    [Fact]
    public async Task F19_AnotherRedis_IsRefused_ByWhatIsRememberedOrConfigured()
    {
        RedisServer one = _stores.Own(await RedisServer.StartAsync()), other = _stores.Own(await RedisServer.StartAsync());
        await _stores.ReadyAsync(RedisTestClient.Patient(one), Ids());
        string id = (await one.CommandAsync("GET", "verifier:registry")).Trim('"', '\n', '\r');
        await _stores.ReadyAsync(RedisTestClient.Patient(other));

        await RefusedAsync(_stores.Open(RedisTestClient.Patient(other), Ids()));
        await RefusedAsync(_stores.Open(RedisTestClient.Patient(other), new RegistryIds(id, null)));
        await _stores.ReadyAsync(RedisTestClient.Patient(one), new RegistryIds(id, null));
    }

    [Fact]
    public async Task F18_RestoredFromAnOldSnapshot_IsRefusedByWhoSawMore_AndServedByWhoSawNothing()
    {
        RedisServer server = _stores.Own(await RedisServer.StartAsync());
        RedisStore store = await _stores.ReadyAsync(RedisTestClient.Patient(server), Ids());
        Digest384 digest = Samples.Digest();
        await store.References.CreateAsync(Samples.Value("guest", digest), null, Ct);
        string old = Path.Combine(_directory, "old");
        Copy(Path.Combine(server.DataDirectory, "appendonlydir"), old);
        await store.References.ChangeStateAsync(Samples.Revoke("guest"), null, Ct);
        using Instance instance = new(store, LogKey.Load, _directory);
        await instance.FollowAsync();

        await server.KillAsync();
        Directory.Delete(Path.Combine(server.DataDirectory, "appendonlydir"), recursive: true);
        Copy(old, Path.Combine(server.DataDirectory, "appendonlydir"));
        await server.StartAgainAsync();
        await RedisTestClient.ReadyAsync(store, TimeSpan.FromSeconds(10), Ct);
        Assert.Equal(LogFault.RolledBack, await instance.RefusedAsync(digest));

        // After a restart by what the data directory holds; without one there is nothing to know it by.
        using Instance restarted = new(store, LogKey.Load, _directory);
        Assert.Equal(LogFault.RolledBack, await restarted.RefusedAsync(digest));
        using Instance forgetful = new(await _stores.ReadyAsync(RedisTestClient.Patient(server)), LogKey.Load);
        Assert.Single((await forgetful.FindAsync(digest)).Values);
    }

    [Fact]
    public void DamagedFile_IsRefused()
    {
        File.WriteAllText(Path.Combine(_directory, "redis-registry-id"), "x");
        Assert.Throws<StoreUnfitException>(() => Ids().MayMake);
        Assert.Throws<StoreUnfitException>(() => Ids().Check(RegistryIds.Make()));
    }

    private RegistryIds Ids() => new("", _directory);

    private static async Task RefusedAsync(RedisStore store)
    {
        Exception? refused = null;
        for (int tried = 0; tried < 200 && refused is not StoreUnfitException; tried++)
        {
            refused = await Record.ExceptionAsync(() => store.References.PingAsync(Ct));
            Assert.NotNull(refused);
            await Task.Delay(20, Ct);
        }

        Assert.Contains("registry", Assert.IsType<StoreUnfitException>(refused).Message, StringComparison.Ordinal);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
