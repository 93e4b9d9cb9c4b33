using System.Collections.Concurrent;
using Verifier.Service.Kds;
using Verifier.Service.Registry;

namespace Verifier.Tests.Kds;

/// <summary>A shared cache that a test can look into, spoil, and take away.</summary>
internal sealed class MemoryCertificateCache : ICertificateCache
{
    public ConcurrentDictionary<string, byte[]> Entries { get; } = new();

    public ConcurrentDictionary<string, DateTimeOffset> Expiries { get; } = new();

    public bool IsDown { get; set; }

    public Task<byte[]?> GetAsync(string key, CancellationToken cancellation)
    {
        ThrowIfDown();
        return Task.FromResult(Entries.GetValueOrDefault(key));
    }

    public Task SetAsync(string key, ReadOnlyMemory<byte> value, DateTimeOffset expires, CancellationToken cancellation)
    {
        ThrowIfDown();
        Entries[key] = value.ToArray();
        Expiries[key] = expires;
        return Task.CompletedTask;
    }

    public Task RemoveAsync(string key, CancellationToken cancellation)
    {
        ThrowIfDown();
        Entries.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    private void ThrowIfDown()
    {
        if (IsDown)
        {
            throw new StoreUnavailableException("simulated outage");
        }
    }
}
