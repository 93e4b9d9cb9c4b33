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
                int port = FreePort.Next();
                FaultyProxy proxy = new(port);
                while (proxy.Port == port)
                {
                    // It has got the very port that it is to lead to.
                    await proxy.DisposeAsync();
                    port = FreePort.Next();
                    proxy = new(port);
                }

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

            await fleet.KnownAsync(replicas);
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
    /// <param name="isCutToo">Of services, the connections that are cut, too; null: none.</param>
    public void CutOff(int server, Func<IPEndPoint, bool>? isCutToo = null) =>
        _proxies[server].Cut(from => !from.Address.Equals(IPAddress.Loopback) || isCutToo?.Invoke(from) == true);

    /// <summary>Waits until a server has so many replicas.</summary>
    /// <param name="server">Its number.</param>
    /// <param name="replicas">How many.</param>
    /// <returns>When they follow.</returns>
    public async Task FollowedAsync(int server, int replicas)
    {
        for (int tried = 0; !await IsFollowedAsync(server, replicas); tried++)
        {
            if (tried == 1000)
            {
                throw new InvalidOperationException($"Server {server} has not got {replicas} replicas.");
            }

            await Task.Delay(50);
        }
    }

    private async Task<bool> IsFollowedAsync(int server, int replicas)
    {
        string told = await _servers[server].CommandAsync("INFO", "replication");
        return told.Split('\n').Count(l => l.StartsWith("slave", StringComparison.Ordinal) && l.Contains("state=online", StringComparison.Ordinal)) >= replicas;
    }

    // Sentinels that do not know each other, or the replicas, could not fail over.
    private async Task KnownAsync(int replicas)
    {
        foreach (RedisSentinel sentinel in _sentinels)
        {
            for (int tried = 0; ; tried++)
            {
                string told = await _servers[0].CommandAsync("-p", sentinel.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "SENTINEL", "MASTER", Name);
                string[] lines = told.Split('\n');
                string Value(string name) => lines.ElementAtOrDefault(Array.IndexOf(lines, name) + 1)?.Trim() ?? "";
                if (Value("num-other-sentinels") == "2" && Value("num-slaves") == replicas.ToString(System.Globalization.CultureInfo.InvariantCulture))
                {
                    break;
                }

                if (tried == 1200)
                {
                    throw new InvalidOperationException($"A sentinel does not know the others:\n{told}");
                }

                await Task.Delay(50);
            }
        }
    }

    /// <summary>The number of the primary, where all sentinels agree; null where they do not.</summary>
    /// <returns>The number, or null.</returns>
    public async Task<int?> PrimaryAsync()
    {
        string[] told = await Task.WhenAll(_sentinels.Select(s => _servers[0].CommandAsync(
            "-p", s.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "SENTINEL", "GET-MASTER-ADDR-BY-NAME", Name)));
        int[] numbers = [.. told.Select(t => _proxies.FindIndex(p => t.Contains($"{p.Port}", StringComparison.Ordinal))).Distinct()];
        return numbers is [>= 0 and var one] && (await _servers[one].CommandAsync("INFO", "replication")).Contains("role:master", StringComparison.Ordinal) ? one : null;
    }

    /// <summary>After a trial: starts and heals everything, and waits until the sentinels have made every server but the primary its replica.</summary>
    /// <param name="dead">The server that was killed, if one was.</param>
    /// <returns>The number of the primary.</returns>
    public async Task<int> MadeWholeAsync(int? dead = null)
    {
        _proxies.ForEach(p => p.Heal());
        for (int tried = 0; ; tried++)
        {
            if (await PrimaryAsync() is { } primary && primary != dead)
            {
                string place = _proxies[primary].Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
                if (dead is { } killed)
                {
                    await _servers[killed].StartAgainAsync($"replicaof 127.0.0.1 {place}");
                    dead = null;
                }

                // The sentinels of a busy machine may change their mind meanwhile: then all is looked at anew.
                if (await IsFollowedAsync(primary, _servers.Count - 1) && await PrimaryAsync() == primary)
                {
                    return primary;
                }
            }

            if (tried == 600)
            {
                throw new InvalidOperationException("The sentinels do not agree on a primary that all others follow.");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Has a sentinel make another server the primary at once.</summary>
    /// <returns>When it began.</returns>
    public async Task PromoteAsync()
    {
        string told = await _servers[0].CommandAsync("-p", _sentinels[0].Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "SENTINEL", "FAILOVER", Name);
        if (!told.Contains("OK", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The sentinel does not promote: {told}");
        }
    }

    /// <summary>Waits until another server than this one is the primary.</summary>
    /// <param name="old">The number of the primary that there was.</param>
    /// <returns>The number of the new one.</returns>
    public async Task<int> FailedOverAsync(int old)
    {
        for (int tried = 0; tried < 1200; tried++)
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
