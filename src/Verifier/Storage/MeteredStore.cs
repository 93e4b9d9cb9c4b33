using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Challenges;
using Verifier.Service.Documents;
using Verifier.Service.Kds;
using Verifier.Service.Registry;
using Verifier.Service.Telemetry;
using Verifier.Service.Usage;

namespace Verifier.Service.Storage;

/// <summary>
/// Measures the calls that answer somebody by operation and outcome; audits and copies of whole tenants go past it. How a change ended is told when no reading
/// from before it serves anybody: see <see cref="Moments"/>.
/// </summary>
internal sealed class MeteredStore(IStore store, VerifierMetrics metrics, Moments moments, TimeProvider clock) : IReferenceValueStore, IDocumentStore, IChangeLog, ICertificateCache, IChallengeStore, IUsageStore
{
    public Task<MeasurementEntry> FindAsync(string tenant, Digest384 measurement, IReadOnlyList<Digest384> signers, CancellationToken cancellation) =>
        Measure("find", () => store.References.FindAsync(tenant, measurement, signers, cancellation));

    public Task<StoredReferenceValue?> GetAsync(string tenant, string id, CancellationToken cancellation) =>
        Measure("get", () => store.References.GetAsync(tenant, id, cancellation));

    public Task<ReferencePage> ListAsync(string tenant, ReferenceFilter filter, int pageSize, string? afterId, CancellationToken cancellation) =>
        Measure("list", () => store.References.ListAsync(tenant, filter, pageSize, afterId, cancellation));

    public Task<IReadOnlyList<NearMatch>> FindNearAsync(string tenant, Digest384 measurement, CancellationToken cancellation) =>
        Measure("find_near", () => store.References.FindNearAsync(tenant, measurement, cancellation));

    public Task<ChangeOutcome> CreateAsync(Creation creation, RequestKey? request, CancellationToken cancellation) =>
        SettledAsync(Measure("create", () => store.References.CreateAsync(creation, request, cancellation)));

    public Task<ChangeOutcome> ChangeStateAsync(StateChange change, RequestKey? request, CancellationToken cancellation) =>
        SettledAsync(Measure("change_state", () => store.References.ChangeStateAsync(change, request, cancellation)));

    public Task PingAsync(CancellationToken cancellation) => Measure("ping", () => AsResult(store.References.PingAsync(cancellation)));

    public Task<StoredDocument?> GetAsync(string tenant, DocumentKind kind, string id, CancellationToken cancellation) =>
        Measure("document_get", () => store.Documents.GetAsync(tenant, kind, id, cancellation));

    public Task<IReadOnlyList<StoredDocument?>> GetManyAsync(string tenant, IReadOnlyList<(DocumentKind Kind, string Id)> names, CancellationToken cancellation) =>
        Measure("document_get", () => store.Documents.GetManyAsync(tenant, names, cancellation));

    public Task<StoredDocument?> GetVersionAsync(string tenant, DocumentKind kind, string id, long version, CancellationToken cancellation) =>
        Measure("document_get_version", () => store.Documents.GetVersionAsync(tenant, kind, id, version, cancellation));

    public Task<IReadOnlyList<StoredDocument>> ListAsync(string tenant, DocumentKind kind, CancellationToken cancellation) =>
        Measure("document_list", () => store.Documents.ListAsync(tenant, kind, cancellation));

    public Task<DocumentOutcome> ChangeAsync(DocumentChange change, RequestKey? request, CancellationToken cancellation) =>
        SettledAsync(Measure("document_change", () => store.Documents.ChangeAsync(change, request, cancellation)));

    public Task<byte[]?> HeadAsync(string tenant, CancellationToken cancellation) =>
        Measure("log_head", () => store.Log.HeadAsync(tenant, cancellation));

    public Task ConfirmAsync(string tenant, CancellationToken cancellation) => store.Log.ConfirmAsync(tenant, cancellation);

    public Task<long> CountAsync(string tenant, CancellationToken cancellation) =>
        Measure("log_count", () => store.Log.CountAsync(tenant, cancellation));

    public Task<IReadOnlyList<LogLeaf>> ReadAsync(string tenant, long first, int count, CancellationToken cancellation) =>
        Measure("log_read", () => store.Log.ReadAsync(tenant, first, count, cancellation));

    public Task<byte[]?> GetAsync(string key, CancellationToken cancellation) =>
        Measure("cache_get", () => store.Certificates.GetAsync(key, cancellation));

    public Task SetAsync(string key, ReadOnlyMemory<byte> value, DateTimeOffset expires, CancellationToken cancellation) =>
        Measure("cache_set", () => AsResult(store.Certificates.SetAsync(key, value, expires, cancellation)));

    public Task RemoveAsync(string key, CancellationToken cancellation) =>
        Measure("cache_remove", () => AsResult(store.Certificates.RemoveAsync(key, cancellation)));

    public Task<bool> TryAddAsync(string tenant, ReadOnlyMemory<byte> challenge, TimeSpan life, int most, CancellationToken cancellation) =>
        Measure("challenge_add", () => store.Challenges.TryAddAsync(tenant, challenge, life, most, cancellation));

    public Task<bool> TrySpendAsync(string tenant, ReadOnlyMemory<byte> challenge, CancellationToken cancellation) =>
        Measure("challenge_spend", () => store.Challenges.TrySpendAsync(tenant, challenge, cancellation));

    public Task AddAsync(IReadOnlyList<UsageCount> counts, CancellationToken cancellation) =>
        Measure("usage_add", () => AsResult(store.Usage.AddAsync(counts, cancellation)));

    public Task<IReadOnlyList<UsageCount>> ReadAsync(string tenant, IReadOnlyList<Digest384> measurements, DateOnly from, CancellationToken cancellation) =>
        Measure("usage_read", () => store.Usage.ReadAsync(tenant, measurements, from, cancellation));

    // Whatever came of it: that a value is revoked already is told by a refusal, too.
    private async Task<T> SettledAsync<T>(Task<T> change)
    {
        T outcome = await change;
        await moments.OutliveReadingsAsync();
        return outcome;
    }

    private static async Task<bool> AsResult(Task task)
    {
        await task;
        return true;
    }

    private async Task<T> Measure<T>(string operation, Func<Task<T>> call)
    {
        long start = clock.GetTimestamp();
        string outcome = "failed";
        try
        {
            T result = await call();
            outcome = "ok";
            return result;
        }
        catch (StoreNotDurableException)
        {
            outcome = "not_durable";
            throw;
        }
        catch (StoreUnavailableException)
        {
            outcome = "unavailable";
            throw;
        }
        catch (StoreUnfitException)
        {
            outcome = "unfit";
            throw;
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        finally
        {
            metrics.StoreCall(operation, outcome, clock.GetElapsedTime(start));
        }
    }
}
