namespace Verifier.Service.Kds;

/// <summary>
/// Keeps what AMD's key service answered, for all instances that share the store. Not trusted: only verified answers go in, and they
/// are verified again when used. A cache that cannot be asked throws <see cref="Registry.StoreUnavailableException"/>; callers then
/// go on without it.
/// </summary>
internal interface ICertificateCache
{
    Task<byte[]?> GetAsync(string key, CancellationToken cancellation);

    Task SetAsync(string key, ReadOnlyMemory<byte> value, DateTimeOffset expires, CancellationToken cancellation);

    Task RemoveAsync(string key, CancellationToken cancellation);
}
