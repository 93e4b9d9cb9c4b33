using System.Security.Cryptography;
using SevSnp.Primitives;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Redis;
using Verifier.TestKit.Redis;
using Verifier.TestKit.Timing;

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
    public static async Task<T> AcknowledgedAsync<T>(Func<Task<T>> change, double seconds = 60)
    {
        FairWatch watch = FairWatch.StartNew();
        while (true)
        {
            try
            {
                return await change();
            }
            catch (Exception e) when (e is StoreUnavailableException or Verifier.Service.Log.LogNotLoadedException)
            {
                if ((await watch.ElapsedAsync()).TotalSeconds >= seconds)
                {
                    throw;
                }

                await Task.Delay(50, Ct);
            }
        }
    }

    /// <summary>Makes a value, repeated until it is acknowledged.</summary>
    public static async Task CreatedAsync(RedisStore store, string id, params Digest384[] digests)
    {
        StoredReferenceValue value = Samples.Value(id, digests);
        RequestKey key = new(Guid.NewGuid().ToString(), id);
        Assert.IsType<ChangeOutcome.Done>(await AcknowledgedAsync(() => store.References.CreateAsync(value, key, Ct)));
    }

    /// <summary>A challenge that was spent. One of which it cannot be told is not the one.</summary>
    public static Task<byte[]> SpentAsync(RedisStore store) => AcknowledgedAsync(async () =>
    {
        byte[] challenge = RandomNumberGenerator.GetBytes(64);
        Assert.True(await store.Challenges.TryAddAsync("default", challenge, TimeSpan.FromMinutes(5), 100, Ct));
        Assert.True(await store.Challenges.TrySpendAsync("default", challenge, Ct));
        return challenge;
    });

    /// <summary>A change that is refused since it is not safe; asked again where not even that could be told in time.</summary>
    /// <returns>How long the refusal took.</returns>
    public static async Task<TimeSpan> NotDurableAsync(Func<Task> change)
    {
        for (int tried = 0; ; tried++)
        {
            FairWatch watch = FairWatch.StartNew();
            Exception? refused = await Record.ExceptionAsync(change);
            if (refused is StoreNotDurableException)
            {
                return await watch.ElapsedAsync();
            }

            Assert.True(refused is StoreUnavailableException && tried < 50, $"{refused}");
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
