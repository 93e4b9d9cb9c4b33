using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SevSnp.Primitives;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Redis;
using Verifier.TestKit.Redis;

namespace Verifier.Tests.Storage.Redis;

/// <summary>A real cluster of three primaries, the slot of the tenant on the move.</summary>
[Collection(RedisAlone.Name)]
public sealed class RedisClusterTests : IAsyncLifetime
{
    private readonly RedisStores _stores = new();
    private readonly List<RedisServer> _servers = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        for (int i = 0; i < 3; i++)
        {
            _servers.Add(_stores.Own(await StartAsync()));
        }

        await _servers[0].CommandAsync(["--cluster", "create", .. _servers.Select(s => s.Endpoint), "--cluster-yes"]);
        for (int tried = 0; ; tried++)
        {
            string[] states = await Task.WhenAll(_servers.Select(s => s.CommandAsync("CLUSTER", "INFO")));
            if (states.All(s => s.Contains("cluster_state:ok", StringComparison.Ordinal)))
            {
                return;
            }

            Assert.True(tried < 1200, states[0]);
            await Task.Delay(50, Ct);
        }
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task F50_SlotOfTheTenantMovedWhileItIsUsed_IsFollowed_AndNothingIsHalfDone()
    {
        RedisStore store = await _stores.ReadyAsync(Options());
        Digest384 digest = Samples.Digest();
        await RedisStores.CreatedAsync(store, "guest", digest);
        string slot = (await _servers[0].CommandAsync("CLUSTER", "KEYSLOT", "verifier:{default}:log")).Trim();

        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        List<string> made = [];
        int found = 0;
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; !end.IsCancellationRequested; i++)
            {
                string id = $"moved-{i}";
                RequestKey key = new($"8f0fb5d6-54a5-4e6a-9a55-{i:d12}", id);
                await RedisStores.AcknowledgedAsync(() => store.References.CreateAsync(Samples.Value(id), key, Ct));
                made.Add(id);
            }
        }, Ct);
        Task reading = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                Assert.Single((await RedisStores.AcknowledgedAsync(() => store.References.FindAsync("default", digest, [], Ct))).Values);
                found++;
            }
        }, Ct);

        int home = await HomeAsync(slot);
        for (int move = 1; move <= 2; move++)
        {
            await MoveAsync(slot, (home + move - 1) % 3, (home + move) % 3);
            (int changes, int lookups) = (made.Count, found);
            for (int i = 0; i < 600 && (made.Count < changes + 2 || found < lookups + 6); i++)
            {
                await Task.Delay(100, Ct);
            }
        }

        await end.CancelAsync();
        await writing;
        await reading;
        Assert.True(made.Count > 3 && found > 10, $"Only {made.Count} changes and {found} look-ups.");
        Assert.Equal(made.Count + 1, await RedisStores.AcknowledgedAsync(() => store.Log.CountAsync("default", Ct)));
        foreach (string id in made)
        {
            Assert.NotNull(await RedisStores.AcknowledgedAsync(() => store.References.GetAsync("default", id, Ct)));
        }

        using Instance beside = new(await _stores.ReadyAsync(Options()), LogKey.Load);
        Assert.Null(await RedisStores.AcknowledgedAsync(() => beside.AuditAsync()));
    }

    [Fact]
    public async Task F12_ReplicaOfTheTenantsShard_IsWaitedFor_AndNoOther()
    {
        RedisStore store = await _stores.ReadyAsync(Options());
        await RedisStores.CreatedAsync(store, "alone");
        int home = await HomeAsync((await _servers[0].CommandAsync("CLUSTER", "KEYSLOT", "verifier:{default}:log")).Trim());
        RedisServer replica = _stores.Own(await StartAsync());
        string id = (await _servers[home].CommandAsync("CLUSTER", "MYID")).Trim();
        await _servers[0].CommandAsync("--cluster", "add-node", replica.Endpoint, _servers[home].Endpoint, "--cluster-slave", "--cluster-master-id", id);
        for (int tried = 0; !(await _servers[home].CommandAsync("INFO", "replication")).Contains("state=online", StringComparison.Ordinal); tried++)
        {
            Assert.True(tried < 1200, "The replica does not follow.");
            await Task.Delay(50, Ct);
        }

        await RedisStores.AcknowledgedAsync(() => store.References.CreateAsync(Samples.Value("both"), null, Ct));
        replica.Stop();
        await RedisStores.NotDurableAsync(() => store.References.CreateAsync(Samples.Value("late"), new("8f0fb5d6-54a5-4e6a-9a55-6d0b27a5c6a1", "fingerprint"), Ct));
        replica.Continue();
    }

    private Task<RedisServer> StartAsync() => RedisServer.StartAsync(
        new()
        {
            Certificates = _servers.FirstOrDefault()?.Certificates,
            Password = _servers.FirstOrDefault()?.Password,
            Extra = ["cluster-enabled yes", "cluster-node-timeout 3000", "tls-cluster yes"],
        },
        FreePort());

    // The bus of the cluster listens 10,000 above.
    private static int FreePort()
    {
        while (true)
        {
            using TcpListener listener = new(IPAddress.Loopback, 0);
            listener.Start();
            if (((IPEndPoint)listener.LocalEndpoint).Port is int port and < 55000 && IsFree(port + 10000))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using TcpListener bus = new(IPAddress.Loopback, port);
        try
        {
            bus.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private RedisOptions Options() => RedisTestClient.Options(_servers[0]);

    private async Task<int> HomeAsync(string slot)
    {
        int number = int.Parse(slot, CultureInfo.InvariantCulture);
        for (int i = 0; i < 3; i++)
        {
            string mine = (await _servers[i].CommandAsync("CLUSTER", "NODES")).Split('\n').Single(l => l.Contains("myself", StringComparison.Ordinal));
            if (mine.Split(' ').Skip(8).Where(r => !r.StartsWith('[')).Select(r => r.Split('-').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray()).Any(r => r[0] <= number && number <= r[^1]))
            {
                return i;
            }
        }

        throw new InvalidOperationException("Nobody has the slot.");
    }

    // As redis-cli --cluster reshard does it for one slot, key by key, so that ASK and TRYAGAIN are met on the way.
    private async Task MoveAsync(string slot, int from, int to)
    {
        string[] ids = await Task.WhenAll(new[] { from, to }.Select(async i => (await _servers[i].CommandAsync("CLUSTER", "MYID")).Trim()));
        await _servers[to].CommandAsync("CLUSTER", "SETSLOT", slot, "IMPORTING", ids[0]);
        await _servers[from].CommandAsync("CLUSTER", "SETSLOT", slot, "MIGRATING", ids[1]);
        while ((await _servers[from].CommandAsync("CLUSTER", "GETKEYSINSLOT", slot, "3")).Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } keys)
        {
            string moved = await _servers[from].CommandAsync(
                ["MIGRATE", "127.0.0.1", _servers[to].Port.ToString(CultureInfo.InvariantCulture), "", "0", "30000", "AUTH2", RedisServer.Administrator, _servers[to].Password, "KEYS", .. keys.Select(k => k.Trim())]);
            Assert.True(moved.Contains("OK", StringComparison.Ordinal) || moved.Contains("NOKEY", StringComparison.Ordinal), moved);
        }

        foreach (int i in new[] { to, from, 3 - from - to })
        {
            await _servers[i].CommandAsync("CLUSTER", "SETSLOT", slot, "NODE", ids[1]);
        }
    }
}
