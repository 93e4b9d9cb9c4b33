using Verifier.Service.Documents;
using Verifier.Service.Log;
using Verifier.Service.Registry;

namespace Verifier.Tests.Hosting;

/// <summary>For a store double, which keeps no log to hold it against.</summary>
internal sealed class NoGuard : ILogGuard
{
    /// <summary>Thrown for every record when set.</summary>
    public Exception? Fault { get; set; }

    public Task<MeasurementEntry> AgreedAsync(string tenant, MeasurementEntry found, Func<Task<MeasurementEntry>> again, CancellationToken cancellation) =>
        Fault is { } fault ? Task.FromException<MeasurementEntry>(fault) : Task.FromResult(found);

    public Task<StoredDocument?> AgreedAsync(
        string tenant, DocumentKind kind, string id, StoredDocument? found, Func<Task<StoredDocument?>> again, CancellationToken cancellation) => Task.FromResult(found);

    public Task<IReadOnlyList<StoredDocument>> AgreedAsync(
        string tenant, DocumentKind kind, IReadOnlyList<StoredDocument> found, Func<Task<IReadOnlyList<StoredDocument>>> again, CancellationToken cancellation) => Task.FromResult(found);

    public long PositionOf(string tenant) => 0;

    public long? LeafOf(StoredReferenceValue value) => null;
}
