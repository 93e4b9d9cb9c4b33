using System.Globalization;
using System.Net;
using StackExchange.Redis;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Which server is the primary, asked of every sentinel several times a second. Of several answers the one with the highest
/// configuration epoch counts, the one of the latest fail-over. Their word is not trusted for more than an address: the server itself must prove to be
/// the primary.
/// </summary>
internal sealed class RedisSentinels(RedisOptions options, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _asking = new(1, 1);
    private ConnectionMultiplexer? _sentinels;
    private Task? _watching;
    private volatile string? _current;

    /// <summary>The primary by the last answer; null before the first.</summary>
    public string? Current => _current;

    /// <summary>Asks now.</summary>
    /// <exception cref="StoreUnavailableException">No sentinel knows a primary of this name.</exception>
    public async Task<string> PrimaryAsync()
    {
        await AskAsync();
        lock (_gate)
        {
            _watching ??= Task.Run(WatchAsync, CancellationToken.None);
        }

        return _current ?? throw new StoreUnavailableException("No sentinel tells the primary: check Store:Redis:Endpoints, SentinelPrimary, SentinelUser and SentinelPasswordFile.");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await (_watching ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_sentinels is { } sentinels)
        {
            await sentinels.DisposeAsync();
        }

        _asking.Dispose();
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        using PeriodicTimer timer = new(Period, clock);
        while (await timer.WaitForNextTickAsync(_end.Token))
        {
            try
            {
                await AskAsync();
            }
            catch (Exception e) when (RedisErrors.IsFault(e) || e is IOException or UnauthorizedAccessException)
            {
                // What was told last stands until a sentinel answers again.
            }
        }
    }

    private async Task AskAsync()
    {
        await _asking.WaitAsync(_end.Token);
        try
        {
            _sentinels ??= await ConnectionMultiplexer.ConnectAsync(RedisSettings.CreateForSentinels(options));
            Told?[] answers = await Task.WhenAll(_sentinels.GetServers().Where(s => s.IsConnected).Select(AskAsync));
            if (answers.OfType<Told>().MaxBy(t => t.Epoch) is { } latest)
            {
                _current = latest.Endpoint;
            }
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task<Told?> AskAsync(IServer sentinel)
    {
        try
        {
            KeyValuePair<string, string>[] told = await sentinel.SentinelMasterAsync(options.SentinelPrimary).WaitAsync(options.CallTimeout, _end.Token);
            Dictionary<string, string> primary = told.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Value);
            return primary.TryGetValue("ip", out string? host) && primary.TryGetValue("port", out string? port) && host.Length > 0
                && long.TryParse(primary.GetValueOrDefault("config-epoch"), NumberStyles.None, CultureInfo.InvariantCulture, out long epoch)
                ? new Told(IPAddress.TryParse(host, out IPAddress? a) && a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{host}]:{port}" : $"{host}:{port}", epoch)
                : null;
        }
        catch (Exception e) when (RedisErrors.IsFault(e))
        {
            return null;
        }
    }

    private sealed record Told(string Endpoint, long Epoch);
}
