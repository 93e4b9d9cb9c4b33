using Verifier.Service.Documents;
using Verifier.Service.Registry;

namespace Verifier.Service.Identity.Tenants;

/// <summary>
/// Which tenants there are, and what they decided. A tenant is there when it has settings; the default one always is. Read from the
/// store each time: what an administrator closes is closed with the next call, on every instance.
/// </summary>
internal sealed class TenantDirectory(IDocumentStore documents) : IApprovalRule
{
    /// <summary>What the default tenant keeps of every other, under its id, so that they can be listed.</summary>
    public static byte[] Entry => "{\"v\":1}"u8.ToArray();

    /// <summary>The ids of all tenants, in order; one that was never finished may be among them.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellation) =>
    [
        .. (await documents.ListAsync(ReferenceNames.DefaultTenant, DocumentKind.Settings, cancellation))
            .Select(d => d.Id).Where(id => id != DocumentIds.Settings).Append(ReferenceNames.DefaultTenant).Order(StringComparer.Ordinal),
    ];

    /// <summary>The tenant's settings; null when there is no such tenant.</summary>
    public async Task<TenantSettings?> FindAsync(string tenant, CancellationToken cancellation) =>
        Of(await documents.GetAsync(tenant, DocumentKind.Settings, DocumentIds.Settings, cancellation), tenant);

    /// <summary>The settings in a document that was read before.</summary>
    public static TenantSettings? Of(StoredDocument? document, string tenant) =>
        document is { } stored ? SettingsCodec.Decode(stored.Content.Span, tenant)
        : tenant == ReferenceNames.DefaultTenant ? TenantSettings.Default
        : null;

    public async Task<bool> DemandsApprovalAsync(string tenant, CancellationToken cancellation) => await FindAsync(tenant, cancellation) is { RequireApproval: true };
}
