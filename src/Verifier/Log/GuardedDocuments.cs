using Verifier.Service.Documents;
using Verifier.Service.Registry;

namespace Verifier.Service.Log;

/// <summary>Documents as they are read by whoever decides by them: each held against the log. Earlier versions decide nothing, and are read as they are.</summary>
internal sealed class GuardedDocuments(IDocumentStore store, ILogGuard guard) : IDocumentStore
{
    public async Task<StoredDocument?> GetAsync(string tenant, DocumentKind kind, string id, CancellationToken cancellation) =>
        await guard.AgreedAsync(
            tenant, kind, id, await store.GetAsync(tenant, kind, id, cancellation), () => store.GetAsync(tenant, kind, id, cancellation), cancellation);

    public async Task<IReadOnlyList<StoredDocument?>> GetManyAsync(string tenant, IReadOnlyList<(DocumentKind Kind, string Id)> names, CancellationToken cancellation)
    {
        IReadOnlyList<StoredDocument?> found = await store.GetManyAsync(tenant, names, cancellation);
        StoredDocument?[] agreed = new StoredDocument?[names.Count];
        for (int i = 0; i < agreed.Length; i++)
        {
            (DocumentKind kind, string id) = names[i];
            agreed[i] = await guard.AgreedAsync(tenant, kind, id, found[i], () => store.GetAsync(tenant, kind, id, cancellation), cancellation);
        }

        return agreed;
    }

    public Task<StoredDocument?> GetVersionAsync(string tenant, DocumentKind kind, string id, long version, CancellationToken cancellation) =>
        store.GetVersionAsync(tenant, kind, id, version, cancellation);

    public async Task<IReadOnlyList<StoredDocument>> ListAsync(string tenant, DocumentKind kind, CancellationToken cancellation) =>
        await guard.AgreedAsync(tenant, kind, await store.ListAsync(tenant, kind, cancellation), () => store.ListAsync(tenant, kind, cancellation), cancellation);

    public Task<DocumentOutcome> ChangeAsync(DocumentChange change, RequestKey? request, CancellationToken cancellation) =>
        store.ChangeAsync(change, request, cancellation);
}
