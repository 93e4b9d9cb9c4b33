using Verifier.Service.Documents;
using Verifier.Service.Log.Copies;

namespace Verifier.Service.Storage;

/// <summary>Tells that a copy is in its place when no reading from before serves anybody: see <see cref="Moments"/>.</summary>
internal sealed class SettledImport(ITenantImport import, Moments moments) : ITenantImport
{
    public async Task<bool> ImportAsync(string tenant, byte[] head, IEnumerable<CopyItem> items, CancellationToken cancellation)
    {
        bool isDone = await import.ImportAsync(tenant, head, items, cancellation);
        await moments.OutliveReadingsAsync();
        return isDone;
    }
}
