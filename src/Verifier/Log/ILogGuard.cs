using Verifier.Service.Documents;
using Verifier.Service.Registry;

namespace Verifier.Service.Log;

/// <summary>
/// Holds what was read from the store against the tenant's log, so that nothing older or other than what the log says last of it is
/// judged by. Something newer, or a change meanwhile, is no contradiction: the log is followed, and the store read again.
/// </summary>
internal interface ILogGuard
{
    /// <summary>What agrees: <paramref name="found"/>, or what was read again.</summary>
    /// <exception cref="LogRefusedException">It contradicts the log, or the log itself must not be trusted.</exception>
    /// <exception cref="LogNotLoadedException">The log has not been read to its end yet.</exception>
    Task<MeasurementEntry> AgreedAsync(string tenant, MeasurementEntry found, Func<Task<MeasurementEntry>> again, CancellationToken cancellation);

    /// <summary>As above, of a document or its absence.</summary>
    Task<StoredDocument?> AgreedAsync(string tenant, DocumentKind kind, string id, StoredDocument? found, Func<Task<StoredDocument?>> again, CancellationToken cancellation);

    /// <summary>As above, of all documents of a kind.</summary>
    Task<IReadOnlyList<StoredDocument>> AgreedAsync(
        string tenant, DocumentKind kind, IReadOnlyList<StoredDocument> found, Func<Task<IReadOnlyList<StoredDocument>>> again, CancellationToken cancellation);

    /// <summary>How many entries of a tenant's log are known: what was agreed at another number may be agreed no more.</summary>
    long PositionOf(string tenant);

    /// <summary>The index of the entry that left a reference value as it was found; null when it has changed since.</summary>
    long? LeafOf(StoredReferenceValue value);
}
