using Verifier.Service.Registry;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Kds;

/// <summary>The cache that the instances of the service share. It is not trusted, and never needed: without it there is only more to fetch.</summary>
internal sealed class SharedMaterials(ICertificateCache cache, VerifierMetrics metrics, ILogger<SharedMaterials> logger)
{
    private const string CacheName = "certificates_shared";

    public async Task<byte[]?> ReadAsync(KdsItem item, CancellationToken cancellation)
    {
        byte[]? value = null;
        await TryAsync(async () => value = await cache.GetAsync(item.CacheKey, cancellation));
        metrics.CacheLookup(CacheName, value is not null);
        return value;
    }

    public Task WriteAsync(KdsMaterial material, CancellationToken cancellation) =>
        TryAsync(() => cache.SetAsync(material.Item.CacheKey, material.ToShared(), material.SharedUntil, cancellation));

    /// <summary>Removes what did not verify, and says so: somebody else writes to this store, or its content rots.</summary>
    public Task RemovePoisonedAsync(KdsItem item, string fault, CancellationToken cancellation)
    {
        metrics.CachePoisoned(CacheName);
        logger.Poisoned(item.Label, item.Product.ToString(), fault);
        return TryAsync(() => cache.RemoveAsync(item.CacheKey, cancellation));
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is StoreUnavailableException or StoreUnfitException)
        {
            logger.CacheUnavailable(e);
        }
    }
}
