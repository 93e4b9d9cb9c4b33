using System.Net;
using Verifier.TestKit.Net;

namespace Verifier.TestKit.Redis;

/// <summary>
/// A primary with replicas and three sentinels, each server reached by everybody through a proxy of its own, so that any of them can be cut
/// off: from replicas and sentinels, which connect from addresses of their own, while a service still reaches it.
/// </summary>
public sealed class RedisFleet : IAsyncDisposable
{
    /// <summary>How the primary is called.</summary>
    public const string Name = "registry";

    private readonly List<RedisServer> _servers = [];
    private readonly List<FaultyProxy> _proxies = [];
    private readonly List<RedisSentinel> _sentinels = [];

    private RedisFleet()
    {
    }

    /// <summary>The servers; the first is the primary at the beginning.</summary>
    public IReadOnlyList<RedisServer> Servers => _servers;

    /// <summary>A proxy for each server.</summary>
    public IReadOnlyList<FaultyProxy> Proxies => _proxies;

    /// <summary>The sentinels.</summary>
    public IReadOnlyList<RedisSentinel> Sentinels => _sentinels;

    /// <summary>Starts everything, and waits until the replicas follow.</summary>
    /// <param name="replicas">How many replicas.</param>
    /// <param name="withSentinels">Whether there are sentinels.</param>
    /// <param name="extra">Lines for the configuration of the server of this number.</param>
    /// <returns>The fleet, ready.</returns>
    public static async Task<RedisFleet> StartAsync(int replicas, bool withSentinels = true, Func<int, IReadOnlyList<string>>? extra = null)
    {
        RedisFleet fleet = new();
        try
        {
            for (int i = 0; i <= replicas; i++)
            {
                int port = RedisServer.FreePort();
                FaultyProxy proxy = new(port);
                fleet._proxies.Add(proxy);
                RedisServer? first = fleet._servers.FirstOrDefault();
                fleet._servers.Add(await RedisServer.StartAsync(
                    new()
                    {
                        Certificates = first?.Certificates,
                        Password = first?.Password,
                        Extra =
                        [
                            $"bind-source-addr 127.0.0.{10 + i}",
                            $"replica-announce-ip 127.0.0.1",
                            $"replica-announce-port {proxy.Port}",
                            "repl-diskless-sync-delay 0",
                            "repl-timeout 60",
                            "replica-serve-stale-data yes",
                            .. first is null ? [] : new[] { $"replicaof 127.0.0.1 {fleet._proxies[0].Port}" },
                            .. extra?.Invoke(i) ?? [],
                        ],
                    },
                    port));
            }

            await fleet.FollowedAsync(0, replicas);
            for (int i = 0; withSentinels && i < 3; i++)
            {
                fleet._sentinels.Add(await RedisSentinel.StartAsync(Name, fleet._servers[0], fleet._proxies[0].Port, $"127.0.0.{30 + i}"));
            }

            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cuts a server off from everybody but services: these connect from 127.0.0.1.</summary>
    /// <param name="server">Its number.</param>
    public void CutOff(int server) => _proxies[server].Cut(from => !from.Equals(IPAddress.Loopback));

    /// <summary>Waits until a server has so many replicas.</summary>
    /// <param name="server">Its number.</param>
    /// <param name="replicas">How many.</param>
    /// <returns>When they follow.</returns>
    public async Task FollowedAsync(int server, int replicas)
    {
        for (int tried = 0; ; tried++)
        {
            string told = await _servers[server].CommandAsync("INFO", "replication");
            if (told.Split('\n').Count(l => l.StartsWith("slave", StringComparison.Ordinal) && l.Contains("state=online", StringComparison.Ordinal)) >= replicas)
            {
                return;
            }

            if (tried == 300)
            {
                throw new InvalidOperationException($"Server {server} has not got {replicas} replicas:\n{told}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Waits until another server than this one is the primary.</summary>
    /// <param name="old">The number of the primary that there was.</param>
    /// <returns>The number of the new one.</returns>
    public async Task<int> FailedOverAsync(int old)
    {
        for (int tried = 0; tried < 400; tried++)
        {
            for (int i = 0; i < _servers.Count; i++)
            {
                if (i != old && (await _servers[i].CommandAsync("INFO", "replication")).Contains("role:master", StringComparison.Ordinal))
                {
                    return i;
                }
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException("There was no fail-over.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (RedisSentinel sentinel in _sentinels)
        {
            await sentinel.DisposeAsync();
        }

        foreach (RedisServer server in _servers.AsEnumerable().Reverse())
        {
            await server.DisposeAsync();
        }

        foreach (FaultyProxy proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }
    }
}
