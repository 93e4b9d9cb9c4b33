namespace Verifier.Service.Kds;

/// <summary>Stands in where no store is wired: each process then keeps only its own memory.</summary>
internal sealed class NoSharedCache : ICertificateCache
{
    public Task<byte[]?> GetAsync(string key, CancellationToken cancellation) => Task.FromResult<byte[]?>(null);

    public Task SetAsync(string key, ReadOnlyMemory<byte> value, DateTimeOffset expires, CancellationToken cancellation) => Task.CompletedTask;

    public Task RemoveAsync(string key, CancellationToken cancellation) => Task.CompletedTask;
}
