using System.Diagnostics;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>
/// F06: one connection of an instance to Redis is lost, and no other. It has none on which it would be told of changes, and of those that it has
/// each may go: a revocation that another instance acknowledged holds there within 2.0 seconds all the same.
/// </summary>
[Collection(RunsAlone.Collection)]
public sealed class LostConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(2.6);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly FaultBench _bench = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task F06_AnyOneConnectionLost_ChangesNothingOfTheBound()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        ServiceProcess cut = await _bench.StartAsync(Surroundings.Usual, OnRedis.Settings(redis));
        await FaultBench.RegisterAsync(cut, 0);
        await FaultBench.AcceptsAsync(cut, 0);
        string[] connections = [.. (await ConnectionsAsync(redis)).Select(c => c.Name).Distinct()];
        Assert.Contains("verifier-reads", connections);
        ServiceProcess other = await _bench.StartAsync(Surroundings.Usual, OnRedis.Settings(redis));

        int[] guests = [.. Enumerable.Range(1, connections.Length)];
        await FaultBench.RegisterAsync(other, guests);
        List<(Poller Poller, long Acknowledged)> revoked = [];
        foreach ((int guest, string name) in guests.Zip(connections))
        {
            Poller poller = new(cut, FaultBench.Question(guest));
            await UntilAsync(() => Task.FromResult(poller.Accepted > 3), "all accept");
            string[] lost = await IdsAsync(redis, name, cut);
            Task revoking = FaultBench.RevokeAsync(other, guest);
            while (!await LoseAsync(redis, lost))
            {
                // The service has closed it meanwhile, and has another in its place.
                lost = await IdsAsync(redis, name, cut);
            }

            await revoking;
            revoked.Add((poller, Stopwatch.GetTimestamp()));
            await UntilAsync(() => Task.FromResult(poller.Rejected > 0), $"rejected without {name}");
        }

        await Task.Delay(Watched, Ct);
        foreach ((Poller poller, long acknowledged) in revoked)
        {
            await poller.DisposeAsync();
            Assert.True(Stopwatch.GetElapsedTime(acknowledged, poller.LastAccept) <= Bound);
        }

        await FaultBench.AcceptsAsync(cut, 0);
    }

    [Fact]
    public async Task F06_NoConnectionSubscribes_SoThatNoneHasToLast()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        ServiceProcess service = await _bench.StartAsync(Surroundings.Usual, OnRedis.Settings(redis));
        await FaultBench.RegisterAsync(service, 0);
        await FaultBench.AcceptsAsync(service, 0);

        Assert.NotEmpty(await ConnectionsAsync(redis));
        Assert.Equal("", (await redis.CommandAsync("CLIENT", "LIST", "TYPE", "pubsub")).Trim());

        // One that does subscribe is seen.
        Task<string> subscribing = redis.CommandAsync("SUBSCRIBE", "anything");
        await UntilAsync(async () => (await redis.CommandAsync("CLIENT", "LIST", "TYPE", "pubsub")).Contains("cmd=subscribe", StringComparison.Ordinal), "a subscriber is seen");
        await redis.KillAsync();
        await subscribing;
    }

    /// <summary>The connections of a name that a service has now, one at least.</summary>
    private static async Task<string[]> IdsAsync(RedisServer redis, string name, ServiceProcess service)
    {
        string[] ids = [];
        await UntilAsync(
            async () => (ids = [.. (await ConnectionsAsync(redis)).Where(c => c.Name == name && c.Process == service.Id).Select(c => c.Id)]).Length > 0, $"{name} is there");
        return ids;
    }

    /// <summary>True when one was there to be lost.</summary>
    private static async Task<bool> LoseAsync(RedisServer redis, string[] ids)
    {
        bool isLost = false;
        foreach (string id in ids)
        {
            isLost |= (await redis.CommandAsync("CLIENT", "KILL", "ID", id)).Trim() == "1";
        }

        return isLost;
    }

    /// <summary>Every connection of a service, with the process at its other end.</summary>
    private static async Task<IReadOnlyList<(string Id, string Name, int Process)>> ConnectionsAsync(RedisServer redis)
    {
        string told = await redis.CommandAsync("CLIENT", "LIST");
        List<(string, string, int)> found = [];
        foreach (string line in told.Split('\n').Where(l => l.Contains(" name=verifier-", StringComparison.Ordinal)))
        {
            Dictionary<string, string> members = line.Split(' ').Select(m => m.Split('=', 2)).Where(m => m.Length == 2).ToDictionary(m => m[0], m => m[1]);
            found.Add((members["id"], members["name"], SocketOwner.Of(int.Parse(members["addr"].Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture))));
        }

        return found;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(watch.Elapsed < Patience, $"Not in time: {what}.");
            await Task.Delay(20, Ct);
        }
    }
}
