using System.Security.Cryptography;
using Grpc.Core;
using Verifier.EndToEnd.Tests.Kills;
using Verifier.EndToEnd.Tests.Running;
using Verifier.Service.Log;
using Verifier.Service.Storage.Redis;
using Verifier.Service.Storage.Sqlite;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>F14: the disk of the store is full while clients write. No change is acknowledged that is not there, and there is an answer to each call.</summary>
public sealed class FullDiskTests
{
    private readonly Acknowledged _acknowledged = new();

    [Fact]
    public async Task F14_DiskOfRedisFull_RefusesChanges_LosesNothing_AndServesAgain()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        using SmallDisk? disk = SmallDisk.TryMount(8);
        Assert.SkipUnless(disk is not null, SmallDisk.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync(new() { Extra = [$"dir {disk.Folder}"] });
        await using FaultBench bench = new();
        ServiceProcess service = await bench.StartAsync(Surroundings.Usual, OnRedis.Settings(redis));
        await FaultBench.RegisterAsync(service, 0, 1);
        await FaultBench.RevokeAsync(service, 1);
        disk.FillTo(100 << 10);

        await WriteUntilRefusedAsync(service);

        // Redis ends when it cannot write what it has to sync, so nothing is answered until an operator has made room.
        disk.MakeRoom();
        await redis.KillAsync();
        await redis.StartAgainAsync();
        await FaultBench.AcceptsAsync(service, 0);
        Assert.NotEmpty((await FaultBench.VerdictAsync(service, 1)).Failed());
        await FaultBench.RegisterAsync(service, 2);
        using LogKeyRing keys = OpenedStore.RedisKeys(redis);
        await using RedisStore store = await OpenedStore.RedisAsync(redis);
        await StoreCheck.HoldsAsync(store, keys, _acknowledged);
        Assert.NotEmpty(_acknowledged.States);
    }

    [Fact]
    public async Task F14_DiskOfTheEmbeddedStoreFull_RefusesChanges_VerifiesOn_AndServesAgain()
    {
        using SmallDisk? disk = SmallDisk.TryMount(16);
        Assert.SkipUnless(disk is not null, SmallDisk.SkipReason);
        await using FaultBench bench = new();
        ServiceProcess service = await bench.StartAsync(Surroundings.Usual, $"--Store:DataDirectory={disk.Folder}");
        await FaultBench.RegisterAsync(service, 0, 1);
        await FaultBench.RevokeAsync(service, 1);
        disk.FillTo(100 << 10);

        await WriteUntilRefusedAsync(service);
        await FaultBench.AcceptsAsync(service, 0);
        Assert.NotEmpty((await FaultBench.VerdictAsync(service, 1)).Failed());

        disk.MakeRoom();
        await FaultBench.RegisterAsync(service, 2);
        await FaultBench.AcceptsAsync(service, 2);
        await service.KillAsync();
        await using SqliteStore store = OpenedStore.Sqlite(disk.Folder);
        using LogKeyRing keys = OpenedStore.SqliteKeys(disk.Folder);
        await StoreCheck.HoldsAsync(store, keys, _acknowledged);
        Assert.NotEmpty(_acknowledged.States);
    }

    /// <summary>Writes until changes are refused again and again: a busy machine can make every writer give up while there is room.</summary>
    private async Task WriteUntilRefusedAsync(ServiceProcess service)
    {
        const int enough = 4;
        int refused = 0;
        for (int tried = 0; refused < enough; tried++)
        {
            Assert.True(tried < 50, "Changes are made still.");
            if (refused == 0)
            {
                await new Writers($"full-{tried}", _acknowledged).RunAsync(service.Registry);
            }

            refused = await RegistrationAsync(service, $"refused-{tried}") switch
            {
                StatusCode.OK => 0,
                StatusCode.Unavailable => refused + 1,
                var other => throw new InvalidOperationException($"A full disk was told as {other}."),
            };
            await Task.Delay(250, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<StatusCode> RegistrationAsync(ServiceProcess service, string id)
    {
        try
        {
            await service.Registry.CreateReferenceValueAsync(
                Requests.Create(id, RandomNumberGenerator.GetBytes(48)), ServiceProcess.Credentials, DateTime.UtcNow.AddSeconds(20), TestContext.Current.CancellationToken);
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
