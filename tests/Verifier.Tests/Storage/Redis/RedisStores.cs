using System.Diagnostics;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Redis;
using Verifier.TestKit.Redis;

namespace Verifier.Tests.Storage.Redis;

/// <summary>Stores as instances of the service open them, and the servers under them; all end with the test.</summary>
internal sealed class RedisStores : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    public RedisStore Open(RedisOptions options, RegistryIds? ids = null)
    {
        RedisStore store = null!;
        store = new(options, LogKey.Load, StoreWitness.Of(() => store, LogKey.Load), TimeProvider.System, ids);
        return Own(store);
    }

    public async Task<RedisStore> ReadyAsync(RedisOptions options, RegistryIds? ids = null)
    {
        RedisStore store = Open(options, ids);
        await RedisTestClient.ReadyAsync(store, TimeSpan.FromSeconds(20), Ct);
        return store;
    }

    /// <summary>How a service reaches a fleet: by its sentinels.</summary>
    public static RedisOptions Options(RedisFleet fleet)
    {
        RedisOptions options = RedisTestClient.Options(fleet.Servers[0]);
        options.Endpoints = [.. fleet.Sentinels.Select(s => s.Endpoint)];
        options.SentinelPrimary = RedisFleet.Name;
        options.SentinelUser = RedisServer.User;
        options.SentinelPasswordFile = options.PasswordFile;
        return options;
    }

    /// <summary>Repeats a change with its request id until it is acknowledged, as a caller is told to.</summary>
    public static async Task<T> AcknowledgedAsync<T>(Func<Task<T>> change, double seconds = 20)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await change();
            }
            catch (Exception e) when (e is StoreUnavailableException or Verifier.Service.Log.LogNotLoadedException && watch.Elapsed.TotalSeconds < seconds)
            {
                await Task.Delay(50, Ct);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }
    }
}
