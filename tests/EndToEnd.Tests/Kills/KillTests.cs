using System.Globalization;
using System.Security.Cryptography;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.Service.Log;
using Verifier.Service.Storage.Redis;
using Verifier.Service.Storage.Sqlite;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Kills;

/// <summary>
/// F36: service or Redis killed in mid-change, again and again, while eight clients register and revoke. After each kill nothing that was
/// acknowledged is lost, nothing is there in part, and the log verifies. <c>VERIFIER_KILLS</c> says how often: 10, or 100 by tests/kills.sh.
/// </summary>
public sealed class KillTests : IAsyncLifetime
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("VERIFIER_KILLS") ?? "10", CultureInfo.InvariantCulture);

    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-kills-").FullName;
    private readonly Acknowledged _acknowledged = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task F36_ServiceOnTheEmbeddedStoreKilled_LosesNothingAcknowledged()
    {
        string data = Path.Combine(_folder, "data");
        for (int kill = 0; kill < Kills; kill++)
        {
            await using (ServiceProcess service = await ServiceProcess.StartAsync(_folder, $"--Store:DataDirectory={data}"))
            {
                await WriteUntilAsync(service, kill, service.KillAsync);
            }

            await using SqliteStore store = OpenedStore.Sqlite(data);
            using LogKeyRing keys = OpenedStore.SqliteKeys(data);
            await StoreCheck.HoldsAsync(store, keys, _acknowledged);
        }

        AssertWasWritten();
    }

    [Fact]
    public async Task F36_ServiceOnRedisKilled_LosesNothingAcknowledged()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        for (int kill = 0; kill < Kills; kill++)
        {
            await using (ServiceProcess service = await ServiceProcess.StartAsync(_folder, OnRedis.Settings(redis)))
            {
                await WriteUntilAsync(service, kill, service.KillAsync);
            }

            await CheckAsync(redis);
        }

        AssertWasWritten();
    }

    [Fact]
    public async Task F02_RedisKilledUnderAService_LosesNothingAcknowledged()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        await using ServiceProcess service = await ServiceProcess.StartAsync(_folder, OnRedis.Settings(redis));
        for (int kill = 0; kill < Kills; kill++)
        {
            await WriteUntilAsync(service, kill, redis.KillAsync);
            await redis.StartAgainAsync();
            await CheckAsync(redis);
            await Patience.EventuallyAsync(() => service.Registry.ListReferenceValuesAsync(new(), ServiceProcess.Credentials).ResponseAsync);
        }

        AssertWasWritten();
    }

    [Fact]
    public async Task F02_TransactionCutByTheKill_IsNeverCarriedOut()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        await using (ServiceProcess service = await ServiceProcess.StartAsync(_folder, OnRedis.Settings(redis)))
        {
            await RegisterAsync(service, "first");
            RevokeReferenceValueRequest revoke = new() { Name = Requests.Name("first"), Reason = "cut", RequestId = Guid.NewGuid().ToString() };
            await Patience.EventuallyAsync(() => service.Registry.RevokeReferenceValueAsync(revoke, ServiceProcess.Credentials, cancellationToken: Ct).ResponseAsync);
        }

        // As if the kill had come within the write of the revocation, so that nobody was told of it: the end of its EXEC is missing.
        await redis.KillAsync();
        await redis.CutAsync(5);
        await redis.StartAgainAsync();
        await using (ServiceProcess service = await ServiceProcess.StartAsync(_folder, OnRedis.Settings(redis)))
        {
            await RegisterAsync(service, "second");
        }

        // What Redis had kept of the transaction that was cut, it would carry out at this start.
        await redis.KillAsync();
        await redis.StartAgainAsync();
        await CheckAsync(redis);
    }

    private async Task RegisterAsync(ServiceProcess service, string id)
    {
        CreateReferenceValueRequest register = Requests.Create(id, RandomNumberGenerator.GetBytes(48));
        register.RequestId = Guid.NewGuid().ToString();
        _acknowledged.States[id] = (await Patience.EventuallyAsync(() =>
            service.Registry.CreateReferenceValueAsync(register, ServiceProcess.Credentials, cancellationToken: Ct).ResponseAsync)).ReferenceValue.State;
    }

    private Task WriteUntilAsync(ServiceProcess service, int round, Func<Task> kill) => Writers.WriteUntilAsync($"k{round}", service.Registry, _acknowledged, 200, kill);

    private async Task CheckAsync(RedisServer redis)
    {
        using LogKeyRing keys = OpenedStore.RedisKeys(redis);
        await using RedisStore store = await OpenedStore.RedisAsync(redis);
        await StoreCheck.HoldsAsync(store, keys, _acknowledged);
    }

    // A test that wrote nothing would have proven nothing.
    private void AssertWasWritten()
    {
        Assert.True(_acknowledged.States.Count >= 8 * Kills, $"Only {_acknowledged.States.Count} changes were acknowledged.");
        Assert.Contains(_acknowledged.States, s => s.Value == ReferenceValue.Types.State.Revoked);
    }
}
