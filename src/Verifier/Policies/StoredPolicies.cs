using System.Collections.Concurrent;
using SevSnp.Policies;
using Verifier.Service.Documents;

namespace Verifier.Service.Policies;

/// <summary>
/// The policy in force, read from the store with every question: a change holds from the next call on, on every instance. Only the
/// work of parsing is saved, where the bytes are those of the last time.
/// </summary>
internal sealed class StoredPolicies(IDocumentStore documents, AppraisalPolicy builtIn) : IPolicyProvider
{
    // Tenants are few; those that are gone again must not stay for ever.
    private const int MostKept = 1000;

    private readonly ConcurrentDictionary<string, (StoredDocument Document, AppraisalPolicy Policy)> _parsed = new(StringComparer.Ordinal);

    public async Task<AppraisalPolicy> OfAsync(string tenant, CancellationToken cancellation) =>
        Of(await documents.GetAsync(tenant, DocumentKind.Policy, PolicyNames.InForce, cancellation), tenant);

    public AppraisalPolicy Of(TenantDocuments documents, string tenant) => Of(documents.Policy, tenant);

    private AppraisalPolicy Of(StoredDocument? document, string tenant)
    {
        if (document is null)
        {
            return builtIn;
        }

        if (_parsed.TryGetValue(tenant, out var kept) && kept.Document.Version == document.Version && kept.Document.Content.Span.SequenceEqual(document.Content.Span))
        {
            return kept.Policy;
        }

        AppraisalPolicy policy = document.ToPolicy();
        if (_parsed.Count >= MostKept)
        {
            _parsed.Clear();
        }

        _parsed[tenant] = (document, policy);
        return policy;
    }
}
