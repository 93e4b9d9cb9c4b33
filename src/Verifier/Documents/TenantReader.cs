using Verifier.Service.Log;
using Verifier.Service.Policies;

namespace Verifier.Service.Documents;

/// <summary>What a call is decided by, of one tenant, as it was read in one go.</summary>
/// <param name="BeganAt">When the reading began, a timestamp of the clock.</param>
/// <param name="LogPosition">How far the tenant's log was known before.</param>
/// <param name="Settings">The tenant's settings; null when it has none.</param>
/// <param name="Policy">The policy in force; null when it has none of its own.</param>
internal sealed record TenantDocuments(long BeganAt, long LogPosition, StoredDocument? Settings, StoredDocument? Policy);

/// <summary>Reads what calls are decided by once for all that one reading serves.</summary>
internal sealed class TenantReader
{
    private static readonly (DocumentKind Kind, string Id)[] Names = [(DocumentKind.Settings, DocumentIds.Settings), (DocumentKind.Policy, PolicyNames.InForce)];

    private readonly IDocumentStore _documents;
    private readonly ILogGuard _guard;
    private readonly TimeProvider _clock;
    private readonly SharedReadings<string, TenantDocuments> _readings;

    public TenantReader(IDocumentStore documents, ILogGuard guard, Moments moments, TimeProvider clock)
    {
        (_documents, _guard, _clock) = (documents, guard, clock);
        _readings = new(LoadAsync, moments);
    }

    /// <summary>What was read by whomever, and serves a call.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="call">When the call began that is to be decided.</param>
    /// <param name="cancellation">Ends the wait, not the reading.</param>
    public Task<TenantDocuments> ReadAsync(string tenant, Moment call, CancellationToken cancellation) => _readings.ReadAsync(tenant, call, cancellation);

    private async Task<TenantDocuments> LoadAsync(string tenant)
    {
        (long began, long position) = (_clock.GetTimestamp(), _guard.PositionOf(tenant));
        IReadOnlyList<StoredDocument?> found = await _documents.GetManyAsync(tenant, Names, CancellationToken.None);
        return new TenantDocuments(began, position, found[0], found[1]);
    }
}
