namespace Verifier.Service.Log.Copies;

/// <summary>What a copy holds: the bytes of an entry, or those of a near variant.</summary>
internal sealed record CopyItem(byte[]? Entry, byte[]? Near);

/// <summary>Puts a verified copy into an empty tenant. Throws as the other parts of a store do.</summary>
internal interface ITenantImport
{
    /// <summary>
    /// False when the tenant is not empty; nothing is stored then. Until it ends, nobody can change the tenant, and nothing of it is accepted:
    /// the head comes last. What was broken off is taken away by the next import.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="head">The head as it is stored.</param>
    /// <param name="items">Verified: the entries in their order, then near variants.</param>
    /// <param name="cancellation">Breaks it off.</param>
    Task<bool> ImportAsync(string tenant, byte[] head, IEnumerable<CopyItem> items, CancellationToken cancellation);
}
