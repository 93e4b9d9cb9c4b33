using System.Diagnostics;
using SevSnp.Primitives;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Redis;
using Verifier.TestKit.Net;
using Verifier.TestKit.Redis;
using Verifier.TestKit.Timing;

namespace Verifier.Tests.Storage.Redis;

/// <summary>A real Redis behind a network that misbehaves.</summary>
[Collection(RedisAlone.Name)]
public sealed class RedisProxyTests : IAsyncLifetime
{
    private readonly RedisStores _stores = new();
    private readonly Digest384 _digest = Samples.Digest();
    private FaultyProxy _proxy = null!;
    private RedisStore _store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        RedisServer server = _stores.Own(await RedisServer.StartAsync());
        _proxy = _stores.Own(new FaultyProxy(server.Port));
        RedisOptions options = RedisTestClient.Options(server);
        options.Endpoints = [_proxy.Endpoint];
        _store = await _stores.ReadyAsync(options);
        await RedisStores.CreatedAsync(_store, "guest", _digest);
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task F04_PacketsDropped_IsUnavailableInTime_AndServesAgainSoon()
    {
        _proxy.Cut(_ => true);
        for (int i = 0; i < 10; i++)
        {
            await UnavailableAsync();
        }

        _proxy.Heal();
        await ServesAsync(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task F07_SlowRedis_IsUnavailableInTime_AndServesWhereItIsQuickEnough()
    {
        _proxy.Delay = TimeSpan.FromMilliseconds(600);
        for (int i = 0; i < 5; i++)
        {
            await UnavailableAsync();
        }

        _proxy.Delay = TimeSpan.FromMilliseconds(30);
        await ServesAsync(TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task F08_FlappingLink_MakesNoStormOfConnections_AndLeavesNoneBehind()
    {
        int before = _proxy.Accepted;
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(5))
        {
            _proxy.Drop();
            await Record.ExceptionAsync(FindAsync);
            await Task.Delay(300, Ct);
        }

        // Three connections of the store, each tried again five times a second at most, and what the client opens beside them.
        Assert.InRange(_proxy.Accepted - before, 3, 250);
        await ServesAsync(TimeSpan.FromSeconds(4));
        // The last connections come and go a moment after the first one serves.
        for (int i = 0; i < 1500 && _proxy.Open is < 3 or > 12; i++)
        {
            await Task.Delay(20, Ct);
        }

        Assert.InRange(_proxy.Open, 3, 12);
    }

    [Fact]
    public async Task F21_GarbageOnTheLink_IsNeverAnAnswer_AndServesAgainSoon()
    {
        _proxy.Garbage = true;
        for (int i = 0; i < 10; i++)
        {
            await UnavailableAsync();
        }

        _proxy.Garbage = false;
        await ServesAsync(TimeSpan.FromSeconds(6));
    }

    private async Task FindAsync() => Assert.Single((await _store.References.FindAsync("default", _digest, [], Ct)).Values);

    private async Task UnavailableAsync()
    {
        FairWatch watch = FairWatch.StartNew();
        await Assert.ThrowsAsync<StoreUnavailableException>(FindAsync);
        TimeSpan held = await watch.ElapsedAsync();
        Assert.True(held < TimeSpan.FromSeconds(1), $"The call was held for {held}.");
    }

    private Task<bool> ServesAsync(TimeSpan limit) => RedisStores.AcknowledgedAsync(
        async () =>
        {
            await FindAsync();
            return true;
        },
        limit.TotalSeconds);
}
