using Verifier.Service.Log;
using Verifier.Service.Registry;
using Verifier.Service.Storage;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Redis;
using Verifier.Service.Storage.Sqlite;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Kills;

/// <summary>A store of a service that was killed, opened to read what is in it.</summary>
internal static class OpenedStore
{
    public static SqliteStore Sqlite(string data) => new(new StoreOptions { DataDirectory = data }, new LogOptions(), NobodyWrites, TimeProvider.System);

    public static LogKeyRing SqliteKeys(string data) => LogKeyRing.Load(new LogOptions(), new StoreOptions { DataDirectory = data });

    public static LogKeyRing RedisKeys(RedisServer redis) => LogKeyRing.Load(new LogOptions { KeyFile = redis.LogKeyFile }, new StoreOptions());

    /// <summary>Opens it when it answers.</summary>
    public static async Task<RedisStore> RedisAsync(RedisServer redis, string durability = RedisDurability.Always)
    {
        RedisOptions options = new()
        {
            Endpoints = [redis.Endpoint],
            User = RedisServer.User,
            PasswordFile = redis.PasswordFile,
            Tls = new() { Enabled = true, CaFile = redis.Certificates.CaFile },
            CallTimeout = TimeSpan.FromSeconds(5),
            Durability = durability,
        };
        RedisStore store = new(options, () => RedisKeys(redis), NobodyWrites, TimeProvider.System);
        for (int tried = 0; ; tried++)
        {
            try
            {
                await store.References.PingAsync(TestContext.Current.CancellationToken);
                return store;
            }
            catch (Exception e) when (e is StoreUnavailableException && tried < 200)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }

    private static ILogWitness NobodyWrites() => throw new InvalidOperationException("This store is only read.");
}
