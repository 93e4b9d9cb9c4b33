using System.Collections.Concurrent;
using Verifier.Service.Documents;

namespace Verifier.Service.Identity.Rules;

/// <summary>
/// The rules of a tenant. Read from the store for every call that needs them, so that a rule that was removed gives nothing from the
/// next call on, on every instance; only their parsed form is remembered, by etag.
/// </summary>
internal sealed class RuleBook(IDocumentStore documents, ILogger<RuleBook> logger)
{
    private const int MostRemembered = 4096;

    private readonly ConcurrentDictionary<(string Tenant, string Id, string Etag), IdentityRule?> _parsed = new();

    /// <summary>What the tenant's rules give to the caller, all together.</summary>
    public async Task<IReadOnlyList<Grant>> GrantsAsync(string tenant, Caller caller, CancellationToken cancellation) =>
        [.. (await documents.ListAsync(tenant, DocumentKind.IdentityRule, cancellation)).SelectMany(d => Parse(d)?.Grants(caller) ?? []).Distinct()];

    private IdentityRule? Parse(StoredDocument document)
    {
        (string, string, string) key = (document.Tenant, document.Id, document.Etag);
        if (_parsed.TryGetValue(key, out IdentityRule? known))
        {
            return known;
        }

        if (_parsed.Count >= MostRemembered)
        {
            _parsed.Clear();
        }

        IdentityRule? rule = RuleCodec.TryDecode(document.Content.Span);
        if (rule is null)
        {
            IdentityLog.RuleUnreadable(logger, document.Tenant, document.Id);
        }

        _parsed[key] = rule;
        return rule;
    }
}
