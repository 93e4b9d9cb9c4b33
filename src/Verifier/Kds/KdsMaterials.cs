using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Kds;

/// <summary>
/// Verified answers by what they answer: from memory, else from the shared cache, else from the key service. One piece of work for
/// each item at a time, whoever waits for it.
/// </summary>
internal sealed class KdsMaterials(
    KdsClient client, SharedMaterials shared, AnswerVerifier verifier, IOptions<KdsOptions> options, VerifierMetrics metrics, CallMetrics calls, ILogger<KdsMaterials> logger, TimeProvider clock)
{
    // When a new certificate does not verify under a chain older than this, AMD may have a new intermediate.
    private static readonly TimeSpan YoungChain = TimeSpan.FromMinutes(10);

    private readonly LruCache<KdsItem, KdsMaterial> _memory = new(options.Value.MemoryEntries);
    private readonly RememberedFailures _failures = new(options.Value.MemoryEntries, clock);
    private readonly ConcurrentDictionary<KdsItem, KdsMaterial> _newestLists = new();
    private readonly SingleFlight<KdsItem, KdsOutcome> _flights = new();
    private int _pendingChips;

    /// <summary>The newest revocation list of each kind of key and product, as far as one was needed.</summary>
    public IEnumerable<KdsMaterial> NewestLists => _newestLists.Values;

    /// <summary>Gets one item. The caller's cancellation ends only the caller's waiting.</summary>
    public async Task<KdsOutcome> GetAsync(KdsItem item, CancellationToken cancellation)
    {
        KdsMaterial? known = Remembered(item);
        metrics.CacheLookup("certificates_memory", known is not null);
        if (known is not null)
        {
            if (clock.GetUtcNow() >= known.RefreshAt && !_failures.TryGet(item, out _))
            {
                _ = RefreshInBackgroundAsync(known);
            }

            return new KdsOutcome.Found(known);
        }

        if (_failures.TryGet(item, out KdsOutcome? failure))
        {
            return failure;
        }

        return await _flights.RunAsync(item, () => LoadUnlessKnownAsync(item)).WaitAsync(cancellation);
    }

    // The flight before this one may have landed after its result was missed above: asking again would ask AMD twice.
    private async Task<KdsOutcome> LoadUnlessKnownAsync(KdsItem item) =>
        Remembered(item) is { } known ? new KdsOutcome.Found(known)
        : _failures.TryGet(item, out KdsOutcome? failure) ? failure
        : await LoadAsync(item);

    private KdsMaterial? Remembered(KdsItem item) =>
        _memory.TryGet(item, out KdsMaterial? known) && clock.GetUtcNow() < known.NotAfter ? known : null;

    private async Task<KdsOutcome> LoadAsync(KdsItem item)
    {
        // Whoever may choose chip ids freely shall not make us ask without bound.
        bool isChip = item.Kind == KdsItemKind.Vcek;
        if (isChip && Interlocked.Increment(ref _pendingChips) > options.Value.MaxPendingChips)
        {
            Interlocked.Decrement(ref _pendingChips);
            calls.Shed(KdsReasons.Throttled);
            return KdsReasons.IsBusy();
        }

        try
        {
            Task<KdsOutcome>? issuer = IssuerOf(item);
            return await ReadSharedAsync(item, issuer) is { } cached ? Keep(cached) : await FetchAsync(item, issuer, isRefresh: false);
        }
        finally
        {
            if (isChip)
            {
                Interlocked.Decrement(ref _pendingChips);
            }
        }
    }

    // Asked for beside the item itself, so that a cold start costs one round trip and not two.
    private Task<KdsOutcome>? IssuerOf(KdsItem item) => item.Kind == KdsItemKind.Chain ? null : GetAsync(item.Issuer, CancellationToken.None);

    private async Task RefreshInBackgroundAsync(KdsMaterial known)
    {
        try
        {
            await _flights.RunAsync(known.Item, () => RefreshAsync(known));
        }
        catch (Exception e)
        {
            logger.RefreshFailed(known.Item.Label, known.Item.Product.ToString(), e);
        }
    }

    // Another instance may have asked since; then its answer will do.
    private async Task<KdsOutcome> RefreshAsync(KdsMaterial known)
    {
        Task<KdsOutcome>? issuer = IssuerOf(known.Item);
        KdsMaterial? cached = await ReadSharedAsync(known.Item, issuer);
        return cached is not null && cached.FetchedAt > known.FetchedAt && clock.GetUtcNow() < cached.RefreshAt
            ? Keep(cached)
            : await FetchAsync(known.Item, issuer, isRefresh: true);
    }

    private async Task<KdsOutcome> FetchAsync(KdsItem item, Task<KdsOutcome>? issuer, bool isRefresh)
    {
        KdsOutcome outcome = await AskAsync(item, issuer);
        if (outcome is KdsOutcome.Found found)
        {
            Keep(found.Material);
            await shared.WriteAsync(found.Material, CancellationToken.None);
        }
        else
        {
            _failures.Add(item, outcome, isRefresh);
        }

        return outcome;
    }

    private async Task<KdsOutcome> AskAsync(KdsItem item, Task<KdsOutcome>? issuer)
    {
        if (options.Value.Mode == KdsMode.Offline)
        {
            return KdsReasons.IsOffline();
        }

        // Without its issuer an answer could not be verified: do not ask AMD for it.
        return issuer is { IsCompletedSuccessfully: true } && await issuer is KdsOutcome.Unavailable known
            ? known
            : await client.FetchAsync(item, body => VerifyAsync(item, body, issuer), CancellationToken.None);
    }

    private async Task<KdsOutcome> VerifyAsync(KdsItem item, ReadOnlyMemory<byte> body, Task<KdsOutcome>? issuer)
    {
        KdsOutcome? issued = issuer is null ? null : await issuer;
        if (issued is KdsOutcome.Unavailable unavailable)
        {
            return unavailable;
        }

        KdsMaterial? chain = (issued as KdsOutcome.Found)?.Material;
        DateTimeOffset now = clock.GetUtcNow();
        AnswerFault? fault = verifier.Verify(item, body, chain, now, now, out KdsMaterial? material);
        if (fault is { IsMismatch: true } && chain is not null && now - chain.FetchedAt > YoungChain
            && await _flights.RunAsync(chain.Item, () => RefreshAsync(chain)) is KdsOutcome.Found fresh)
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

    private async Task<KdsMaterial?> ReadSharedAsync(KdsItem item, Task<KdsOutcome>? issuer)
    {
        byte[]? value = await shared.ReadAsync(item, CancellationToken.None);
        KdsOutcome? issued = value is null || issuer is null ? null : await issuer;
        if (value is null || issued is KdsOutcome.Unavailable)
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

    // A list that was replaced by a newer one must not come back, however valid it still is.
    private AnswerFault? RolledBack(KdsMaterial material) =>
        material.Item.Kind == KdsItemKind.RevocationList && _newestLists.TryGetValue(material.Item, out KdsMaterial? newest) && newest.IsNewerThan(material)
            ? new AnswerFault(IsMismatch: true, "an older revocation list than one that was seen before")
            : null;

    private KdsOutcome.Found Keep(KdsMaterial material)
    {
        if (material.Item.Kind == KdsItemKind.RevocationList)
        {
            _newestLists[material.Item] = material;
        }

        _memory.Set(material.Item, material);
        _failures.Forget(material.Item);
        return new KdsOutcome.Found(material);
    }
}
