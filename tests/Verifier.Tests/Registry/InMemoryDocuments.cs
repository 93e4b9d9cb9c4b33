using Verifier.Service.Documents;
using Verifier.Service.Registry;

namespace Verifier.Tests.Registry;

/// <summary>A store of documents as simple as the contract allows.</summary>
internal sealed class InMemoryDocuments : IDocumentStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, DocumentKind Kind, string Id), List<StoredDocument?>> _versions = [];

    /// <summary>Thrown by every operation when set.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Each change that was made, with its actor.</summary>
    public IReadOnlyList<DocumentChange> Changes => _changes;

    private readonly List<DocumentChange> _changes = [];

    public Task<StoredDocument?> GetAsync(string tenant, DocumentKind kind, string id, CancellationToken cancellation) => Locked(() => Current(tenant, kind, id));

    public Task<StoredDocument?> GetVersionAsync(string tenant, DocumentKind kind, string id, long version, CancellationToken cancellation) =>
        Locked(() => _versions.GetValueOrDefault((tenant, kind, id))?.FirstOrDefault(v => v?.Version == version));

    public Task<IReadOnlyList<StoredDocument>> ListAsync(string tenant, DocumentKind kind, CancellationToken cancellation) => Locked<IReadOnlyList<StoredDocument>>(() =>
        [.. _versions.Where(v => v.Key.Tenant == tenant && v.Key.Kind == kind && v.Value[^1] is not null).Select(v => v.Value[^1]!).OrderBy(d => d.Id, StringComparer.Ordinal)]);

    public Task<DocumentOutcome> ChangeAsync(DocumentChange change, RequestKey? request, CancellationToken cancellation) => Locked<DocumentOutcome>(() =>
    {
        StoredDocument? current = Current(change.Tenant, change.Kind, change.Id);
        if (current is null && change.Step is DocumentStep.Replace or DocumentStep.Delete)
        {
            return new DocumentOutcome.NotFound();
        }

        if (current is not null && change.Step == DocumentStep.Create)
        {
            return new DocumentOutcome.AlreadyExists();
        }

        if (current is not null && change.ExpectedEtag is { } expected && expected != current.Etag)
        {
            return new DocumentOutcome.EtagMismatch(current.Etag);
        }

        List<StoredDocument?> versions = _versions.GetValueOrDefault((change.Tenant, change.Kind, change.Id)) ?? [];
        StoredDocument fresh = change.Step == DocumentStep.Delete ? current! : new StoredDocument(
            change.Tenant,
            change.Kind,
            change.Id,
            versions.Count + 1,
            change.Content,
            change.Actor.Name,
            current?.CreateTime ?? change.At,
            change.At,
            $"\"{Guid.NewGuid():N}\"");
        if (!change.ValidateOnly)
        {
            versions.Add(change.Step == DocumentStep.Delete ? null : fresh);
            _versions[(change.Tenant, change.Kind, change.Id)] = versions;
            _changes.Add(change);
        }

        return new DocumentOutcome.Done(fresh);
    });

    private StoredDocument? Current(string tenant, DocumentKind kind, string id) => _versions.GetValueOrDefault((tenant, kind, id))?[^1];

    private Task<T> Locked<T>(Func<T> read)
    {
        if (Fault is { } fault)
        {
            return Task.FromException<T>(fault);
        }

        lock (_lock)
        {
            return Task.FromResult(read());
        }
    }
}
