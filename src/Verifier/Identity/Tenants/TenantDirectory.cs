using Verifier.Service.Documents;
using Verifier.Service.Registry;

namespace Verifier.Service.Identity.Tenants;

/// <summary>
/// Which tenants there are, and what they decided. A tenant is there when it has settings; the default one always is. Read from the
/// store each time: what an administrator closes is closed with the next call, on every instance.
/// </summary>
internal sealed class TenantDirectory(IDocumentStore documents)
{
    /// <summary>The tenant's settings; null when there is no such tenant.</summary>
    public async Task<TenantSettings?> FindAsync(string tenant, CancellationToken cancellation) =>
        await documents.GetAsync(tenant, DocumentKind.Settings, DocumentIds.Settings, cancellation) is { } stored ? SettingsCodec.Decode(stored.Content.Span, tenant)
        : tenant == ReferenceNames.DefaultTenant ? TenantSettings.Default
        : null;
}
