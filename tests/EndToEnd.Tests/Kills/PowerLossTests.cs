using System.Globalization;
using Verifier.EndToEnd.Tests.Running;
using Verifier.Service.Log;
using Verifier.Service.Storage.Redis;
using Verifier.Service.Storage.Sqlite;
using Verifier.TestKit.Preload;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Kills;

/// <summary>
/// F13: the power fails under the store, again and again, while eight clients register and revoke. Of the files there is left what was synced,
/// in every second trial a random part more. Nothing acknowledged may be lost; where nothing is synced in time, the same trials must see
/// losses. <c>VERIFIER_POWER_LOSSES</c> says how often: 5, or 100 by tests/powerloss.sh.
/// </summary>
public sealed class PowerLossTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly int Losses = int.Parse(Environment.GetEnvironmentVariable("VERIFIER_POWER_LOSSES") ?? "5", CultureInfo.InvariantCulture);

    // Trials that must see a loss need a service of their own each, which must not remember what was lost.
    private static readonly int Controls = Math.Max(2, Losses / 5);

    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-powerloss-").FullName;
    private readonly Acknowledged _acknowledged = new();
    private readonly Random _chance = new();
    private long _bytes;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Shim.PowerLoss.IsPresent, Shim.PowerLoss.SkipReason);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task F13_PowerLostUnderRedis_LosesNothingAcknowledged()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        await redis.KillAsync();
        WatchedFolder watched = await WatchedAsync(redis);
        await using ServiceProcess service = await ServiceProcess.StartAsync(_folder, OnRedis.Settings(redis));
        for (int loss = 0; loss < Losses; loss++)
        {
            await Writers.WriteUntilAsync($"p{loss}", service.Registry, _acknowledged, 400, redis.KillAsync);
            _bytes += watched.Fail(Chance(loss));
            watched = await WatchedAsync(redis);
            using LogKeyRing keys = OpenedStore.RedisKeys(redis);
            await using RedisStore store = await OpenedStore.RedisAsync(redis);
            await StoreCheck.HoldsAsync(store, keys, _acknowledged);
            await Patience.EventuallyAsync(() => service.Registry.ListReferenceValuesAsync(new(), ServiceProcess.Credentials).ResponseAsync);
        }

        Tell("Redis, appendfsync always", Losses, 0, _acknowledged.States.Count);
        Assert.True(_acknowledged.States.Count >= 8 * Losses);
    }

    [Fact]
    public async Task F13_PowerLostUnderRedisThatSyncsEverySecond_IsSeenToLoseChanges()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        int lost = 0, made = 0, loss = 0;

        // A machine that stands still just before the kill gives Redis the time to sync all.
        for (; loss < Controls || (lost == 0 && loss < 10 * Controls); loss++)
        {
            await using RedisServer redis = await RedisServer.StartAsync(new() { AppendFsync = "everysec" });
            await redis.KillAsync();
            WatchedFolder watched = await WatchedAsync(redis);
            Acknowledged acknowledged = new();
            string[] settings = [.. OnRedis.Settings(redis), $"--Store:Redis:Durability={RedisDurability.EverySecond}"];
            await using (ServiceProcess service = await ServiceProcess.StartAsync(Path.Combine(_folder, $"{loss}"), settings))
            {
                await Writers.WriteUntilAsync($"e{loss}", service.Registry, acknowledged, 1000, redis.KillAsync);
            }

            _bytes += watched.Fail(Chance(loss));
            await WatchedAsync(redis);
            await using RedisStore store = await OpenedStore.RedisAsync(redis, RedisDurability.EverySecond);
            lost += await StoreCheck.LostAsync(store, acknowledged);
            made += acknowledged.States.Count;
        }

        Tell("Redis, appendfsync everysec", loss, lost, made);
        Assert.True(lost > 0, $"None of {made} changes was lost: these trials could not see a loss.");
    }

    [Fact]
    public async Task F13_PowerLostUnderTheEmbeddedStore_LosesNothingAcknowledged()
    {
        string data = Path.Combine(_folder, "data");
        for (int loss = 0; loss < Losses; loss++)
        {
            await LoseUnderServiceAsync(data, loss, lies: false, _acknowledged);
            await using SqliteStore store = OpenedStore.Sqlite(data);
            using LogKeyRing keys = OpenedStore.SqliteKeys(data);
            await StoreCheck.HoldsAsync(store, keys, _acknowledged);
        }

        Tell("embedded store", Losses, 0, _acknowledged.States.Count);
        Assert.True(_acknowledged.States.Count >= 8 * Losses);
    }

    [Fact]
    public async Task F13_PowerLostUnderTheEmbeddedStoreOnADiskThatLies_IsSeenToLoseChanges()
    {
        int lost = 0, made = 0;
        string data = Path.Combine(_folder, "data");
        for (int loss = 0; loss < Controls; loss++)
        {
            Acknowledged acknowledged = new();
            await LoseUnderServiceAsync(data, loss, lies: true, acknowledged);
            await using SqliteStore store = OpenedStore.Sqlite(data);
            lost += await StoreCheck.LostAsync(store, acknowledged);
            made += acknowledged.States.Count;
        }

        Tell("embedded store, a disk that lies", Controls, lost, made);
        Assert.True(lost > 0, $"None of {made} changes was lost: these trials could not see a loss.");
    }

    private static async Task<WatchedFolder> WatchedAsync(RedisServer redis)
    {
        for (bool isRepaired = false; ; isRepaired = true)
        {
            WatchedFolder watched = new(redis.DataDirectory);
            redis.Environment = watched.Environment;
            try
            {
                await redis.StartAsItIsAsync();
                return watched;
            }
            catch (InvalidOperationException) when (!isRepaired)
            {
                await redis.RepairAsync();
            }
        }
    }

    private async Task LoseUnderServiceAsync(string data, int loss, bool lies, Acknowledged acknowledged)
    {
        Directory.CreateDirectory(data);
        WatchedFolder watched = new(data, lies);
        await using (ServiceProcess service = await ServiceProcess.StartAsync(
            new Surroundings { Environment = watched.Environment }, Path.Combine(_folder, "service"), $"--Store:DataDirectory={data}"))
        {
            await Writers.WriteUntilAsync($"s{loss}", service.Registry, acknowledged, 400, service.KillAsync);
        }

        _bytes += watched.Fail(lies ? null : Chance(loss));
    }

    private Random? Chance(int loss) => loss % 2 == 0 ? null : _chance;

    private void Tell(string what, int losses, int lost, int made) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {losses} losses of power, {made} changes acknowledged, {lost} lost; {_bytes} bytes were not on the disk"));
}
