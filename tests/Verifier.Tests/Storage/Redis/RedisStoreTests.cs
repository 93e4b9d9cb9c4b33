using SevSnp.Primitives;
using StackExchange.Redis;
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
        await References.PingAsync(Ct);
        RedisResult[] refused = (RedisResult[])(await Raw.ExecuteAsync("ACL", "LOG"))!;
        Assert.True(refused.Length == 0, string.Join("; ", refused.Select(r => r.ToDictionary()["object"].ToString())));
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
        RedisOptions options = RedisTestClient.Options(_server);
        options.CallTimeout = TimeSpan.FromSeconds(3);
        return new RedisStore(options, TimeProvider.System);
    }

    private protected override Task ReadyAsync(IStore store) => RedisTestClient.ReadyAsync(store, TimeSpan.FromSeconds(10), Ct);

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

    private protected override Task AddNearAsync(Digest384 measurement, string id, byte[] bytes) => Raw.SetAddAsync($"verifier:{{default}}:near:{measurement}", bytes);

    private protected override Task IndexSignerAsync(Digest384 signer, string id) => Raw.SetAddAsync($"verifier:{{default}}:s:{signer}", id);

    private protected override Task IndexAsync(Digest384 measurement, string id) => Raw.SetAddAsync($"verifier:{{default}}:m:{measurement}", id);
}
