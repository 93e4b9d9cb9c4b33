using System.Collections.Concurrent;

namespace Verifier.Service.Kds;

/// <summary>Bytes of any origin as verified material: up to a pinned root, and no list older than one that was seen before.</summary>
internal sealed class VerifiedAnswers(SharedMaterials shared, AnswerVerifier verifier, ILogger<VerifiedAnswers> logger, TimeProvider clock)
{
    // When a new certificate does not verify under a chain older than this, AMD may have a new intermediate.
    private static readonly TimeSpan YoungChain = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<KdsItem, KdsMaterial> _newestLists = new();

    /// <summary>The newest revocation list of each kind of key and product, as far as one was needed.</summary>
    public IEnumerable<KdsMaterial> NewestLists => _newestLists.Values;

    /// <summary>What the key service answered.</summary>
    /// <param name="item">The question.</param>
    /// <param name="body">The answer.</param>
    /// <param name="issuer">The chain of the item; null when the item is a chain.</param>
    /// <param name="renew">Fetches a newer chain.</param>
    public async Task<KdsOutcome> OfAnswerAsync(KdsItem item, ReadOnlyMemory<byte> body, Task<KdsOutcome>? issuer, Func<KdsMaterial, Task<KdsOutcome>> renew)
    {
        KdsOutcome? issued = issuer is null ? null : await issuer;
        if (issued is KdsOutcome.Unavailable unavailable)
        {
            return unavailable;
        }

        KdsMaterial? chain = (issued as KdsOutcome.Found)?.Material;
        DateTimeOffset now = clock.GetUtcNow();
        AnswerFault? fault = verifier.Verify(item, body, chain, now, now, out KdsMaterial? material);
        if (fault is { IsMismatch: true } && chain is not null && now - chain.FetchedAt > YoungChain && await renew(chain) is KdsOutcome.Found fresh)
        {
            fault = verifier.Verify(item, body, fresh.Material, now, now, out material);
        }

        fault ??= RolledBack(material!);
        if (fault is null)
        {
            return new KdsOutcome.Found(material!);
        }

        logger.Untrusted(item.Label, item.Product.ToString(), fault.Message);
        return fault.IsMismatch ? KdsReasons.IsMismatch() : KdsReasons.IsBadAnswer();
    }

    /// <summary>What the shared cache holds, or null. What does not verify is removed from it.</summary>
    public async Task<KdsMaterial?> OfSharedAsync(KdsItem item, Task<KdsOutcome>? issuer)
    {
        byte[]? value = await shared.ReadAsync(item, CancellationToken.None);
        KdsOutcome? issued = value is null || issuer is null ? null : await issuer;
        if (value is null || issued is not (null or KdsOutcome.Found))
        {
            return null;
        }

        DateTimeOffset now = clock.GetUtcNow();
        KdsMaterial? material = null;
        AnswerFault? fault = KdsMaterial.TrySplit(value, now, out ReadOnlyMemory<byte> raw, out DateTimeOffset fetchedAt)
            ? verifier.Verify(item, raw, (issued as KdsOutcome.Found)?.Material, fetchedAt, now, out material)
            : new AnswerFault(IsMismatch: false, "not an entry of this cache");
        if (fault is not null)
        {
            await shared.RemovePoisonedAsync(item, fault.Message, CancellationToken.None);
            return null;
        }

        return RolledBack(material!) is null ? material : null;
    }

    /// <summary>Remembers a list, so that no older one is taken after it.</summary>
    public void Seen(KdsMaterial material)
    {
        if (material.Item.Kind == KdsItemKind.RevocationList)
        {
            _newestLists.AddOrUpdate(material.Item, material, (_, known) => known.IsNewerThan(material) ? known : material);
        }
    }

    /// <summary>A list that was replaced by a newer one must not come back, however valid it still is.</summary>
    public AnswerFault? RolledBack(KdsMaterial material) =>
        material.Item.Kind == KdsItemKind.RevocationList && _newestLists.TryGetValue(material.Item, out KdsMaterial? newest) && newest.IsNewerThan(material)
            ? new AnswerFault(IsMismatch: true, "an older revocation list than one that was seen before")
            : null;
}
