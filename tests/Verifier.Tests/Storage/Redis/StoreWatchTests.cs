using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Verifier.Service.Storage;
using Verifier.Service.Storage.Redis;
using Verifier.TestKit.Redis;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Storage.Redis;

/// <summary>What an operator reads in the log of a Redis that is fit and yet not set up well.</summary>
[Collection(RedisAlone.Name)]
public sealed class StoreWatchTests : IAsyncLifetime
{
    private const int SettingsLookedAt = 4;

    private readonly RedisStores _stores = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task FileThatMayEndWithinAChange_IsWarnedOf_Once()
    {
        RedisServer server = _stores.Own(await RedisServer.StartAsync(new() { AofLoadTruncated = "yes" }));
        RedisStore store = await _stores.ReadyAsync(RedisTestClient.Patient(server));
        Assert.Contains("aof-load-truncated", Assert.Single(store.Warnings), StringComparison.Ordinal);

        FakeTimeProvider clock = new();
        LogCollector logs = new();
        using LoggerFactory loggers = new([logs]);
        using StoreWatch watch = new(store, store.References, loggers.CreateLogger<StoreWatch>(), clock);
        long before = await AskedAsync(server);
        await watch.StartAsync(Ct);
        while (await AskedAsync(server) < before + 3)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(10, Ct);
        }

        await watch.StopAsync(Ct);
        Assert.Single(logs.Entries, l => l.Text.Contains("aof-load-truncated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RedisAsItIsTold_IsWarnedOfNowhere() =>
        Assert.Empty((await _stores.ReadyAsync(RedisTestClient.Patient(_stores.Own(await RedisServer.StartAsync())))).Warnings);

    // How often the settings were looked at.
    private static async Task<long> AskedAsync(RedisServer server)
    {
        const string member = "cmdstat_config|get:calls=";
        string told = await server.CommandAsync("INFO", "commandstats");
        int at = told.IndexOf(member, StringComparison.Ordinal) + member.Length;
        return long.Parse(told[at..told.IndexOf(',', at)], CultureInfo.InvariantCulture) / SettingsLookedAt;
    }
}
