using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Log;

/// <summary>See <see cref="ILogGuard"/>. When all agrees it costs a few hashes of names, and no call of the store.</summary>
internal sealed class LogGuard(LogFollower follower, VerifierMetrics metrics, ILogger<LogGuard> logger) : ILogGuard
{
    private const int MaxAttempts = 8;
    private static readonly TimeSpan OldestForDocuments = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LoadWait = TimeSpan.FromSeconds(2);

    public async Task<MeasurementEntry> AgreedAsync(string tenant, MeasurementEntry found, Func<Task<MeasurementEntry>> again, CancellationToken cancellation)
    {
        TenantLog log = await LoadedAsync(tenant, cancellation);

        // The head was read with the record: whoever stands at another one may not know of a revocation yet.
        if (log.Current is not { } state || !state.IsAt(found.Head.Span))
        {
            await log.CatchUpAsync(cancellation);
        }

        return await AgreedAsync(log, $"measurement {found.Measurement}", found, static (s, e) => s.Agrees(e), again, cancellation);
    }

    public async Task<StoredDocument?> AgreedAsync(
        string tenant, DocumentKind kind, string id, StoredDocument? found, Func<Task<StoredDocument?>> again, CancellationToken cancellation)
    {
        // A tenant that nobody follows and that has no such document need not exist; following it would let callers fill the memory.
        if (found is null && !follower.Follows(tenant))
        {
            return null;
        }

        TenantLog log = await RecentAsync(tenant, cancellation);
        return await AgreedAsync(log, DocumentNames.Resource(kind, id), found, (s, d) => s.Agrees(kind, id, d), again, cancellation);
    }

    public async Task<IReadOnlyList<StoredDocument>> AgreedAsync(
        string tenant, DocumentKind kind, IReadOnlyList<StoredDocument> found, Func<Task<IReadOnlyList<StoredDocument>>> again, CancellationToken cancellation)
    {
        if (found.Count == 0 && !follower.Follows(tenant))
        {
            return found;
        }

        TenantLog log = await RecentAsync(tenant, cancellation);
        return await AgreedAsync(log, DocumentNames.Collection(kind), found, (s, d) => s.Agrees(kind, d), again, cancellation);
    }

    public long PositionOf(string tenant) => follower.Follows(tenant) ? follower.Of(tenant).Current?.Size ?? 0 : 0;

    public long? LeafOf(StoredReferenceValue value) => follower.Follows(value.Tenant) ? follower.Of(value.Tenant).Current?.LeafOf(value) : null;

    private async Task<T> AgreedAsync<T>(TenantLog log, string what, T found, Func<LogState, T, bool> agrees, Func<Task<T>> again, CancellationToken cancellation)
    {
        for (int attempt = 0; ; attempt++)
        {
            if (log.Fault is { } fault)
            {
                throw new LogRefusedException(log.Tenant, fault);
            }

            if (log.Current is { } state && agrees(state, found))
            {
                return found;
            }

            if (attempt == MaxAttempts)
            {
                break;
            }

            // In turn: what was found may be newer than what is known of the log, or older than what the log has become since.
            if (attempt % 2 == 0)
            {
                await log.CatchUpAsync(cancellation);
            }
            else
            {
                found = await again();
            }
        }

        metrics.LogAlarm(LogFault.Contradicted);
        logger.RecordContradictsLog(log.Tenant, what);
        throw new LogRefusedException(log.Tenant, new LogFault(LogFault.Contradicted, what));
    }

    // No head is read with a document. A log that cannot be read any more would otherwise vouch for ever for what it said last.
    private async Task<TenantLog> RecentAsync(string tenant, CancellationToken cancellation)
    {
        TenantLog log = await LoadedAsync(tenant, cancellation);
        if (log.Ages.Read > OldestForDocuments)
        {
            await log.CatchUpAsync(cancellation);
        }

        return log;
    }

    private async Task<TenantLog> LoadedAsync(string tenant, CancellationToken cancellation)
    {
        TenantLog log = follower.Of(tenant);
        if (log.Current is null && log.Fault is null)
        {
            try
            {
                // The reading goes on when the caller leaves: others wait for it too.
                await log.CatchUpAsync(CancellationToken.None).WaitAsync(LoadWait, cancellation);
            }
            catch (TimeoutException)
            {
                throw new LogNotLoadedException(tenant);
            }
        }

        return log;
    }
}
