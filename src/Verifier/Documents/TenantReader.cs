using System.Collections.Concurrent;
using Verifier.Service.Log;
using Verifier.Service.Policies;

namespace Verifier.Service.Documents;

/// <summary>What a call is decided by, of one tenant, as it was read in one go.</summary>
/// <param name="BeganAt">When the reading began, a timestamp of the clock.</param>
/// <param name="LogPosition">How far the tenant's log was known before.</param>
/// <param name="Settings">The tenant's settings; null when it has none.</param>
/// <param name="Policy">The policy in force; null when it has none of its own.</param>
internal sealed record TenantDocuments(long BeganAt, long LogPosition, StoredDocument? Settings, StoredDocument? Policy);

/// <summary>Reads what calls are decided by once for all that need it: see <see cref="SharedReadings{T}"/>.</summary>
internal sealed class TenantReader(IDocumentStore documents, ILogGuard guard, Moments moments, TimeProvider clock)
{
    // Callers name tenants: what is kept for those that do not exist must not grow.
    private const int MostKept = 1000;

    private static readonly (DocumentKind Kind, string Id)[] Names = [(DocumentKind.Settings, DocumentIds.Settings), (DocumentKind.Policy, PolicyNames.InForce)];

    private readonly ConcurrentDictionary<string, SharedReadings<TenantDocuments>> _tenants = new(StringComparer.Ordinal);

    /// <summary>How many tenants readings are kept of.</summary>
    public int Kept => _tenants.Count;

    /// <summary>What was read by whomever, and serves a call.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="call">When the call began that is to be decided.</param>
    /// <param name="cancellation">Ends the wait, not the reading.</param>
    public Task<TenantDocuments> ReadAsync(string tenant, Moment call, CancellationToken cancellation)
    {
        // To count them takes every lock of the map.
        if (!_tenants.TryGetValue(tenant, out SharedReadings<TenantDocuments>? readings))
        {
            if (_tenants.Count >= MostKept)
            {
                _tenants.Clear();
            }

            readings = _tenants.GetOrAdd(tenant, static (t, reader) => new(() => reader.LoadAsync(t), reader.Moments), this);
        }

        Task<TenantDocuments> reading = readings.For(call);
        return cancellation.IsCancellationRequested ? Task.FromCanceled<TenantDocuments>(cancellation) : reading.IsCompleted ? reading : reading.WaitAsync(cancellation);
    }

    private Moments Moments => moments;

    private async Task<TenantDocuments> LoadAsync(string tenant)
    {
        (long began, long position) = (clock.GetTimestamp(), guard.PositionOf(tenant));
        IReadOnlyList<StoredDocument?> found = await documents.GetManyAsync(tenant, Names, CancellationToken.None);
        return new TenantDocuments(began, position, found[0], found[1]);
    }
}
