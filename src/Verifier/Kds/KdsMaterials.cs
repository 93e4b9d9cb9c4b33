using Microsoft.Extensions.Options;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Kds;

/// <summary>
/// Verified answers by what they answer: from memory, else from the shared cache, else from the key service. One piece of work for
/// each item at a time, whoever waits for it.
/// </summary>
internal sealed class KdsMaterials(
    KdsFetcher fetcher, KdsLines lines, VerifiedAnswers answers, PreloadedMaterials preloaded, IOptions<KdsOptions> options, VerifierMetrics metrics, KdsMetrics kdsMetrics,
    ILogger<KdsMaterials> logger, TimeProvider clock)
{
    private readonly LruCache<KdsItem, KdsMaterial> _memory = new(options.Value.MemoryEntries);
    private readonly RememberedFailures _failures = new(options.Value.MemoryEntries, clock);
    private readonly SingleFlight<KdsItem, KdsErrand, KdsOutcome> _flights = new();

    /// <summary>Gets one item. The caller's cancellation and patience end only the caller's waiting.</summary>
    public async Task<KdsOutcome> GetAsync(KdsItem item, Asker asker, CancellationToken cancellation, KdsUrgency urgency = KdsUrgency.Asked)
    {
        KdsMaterial? known = Remembered(item);
        metrics.CacheLookup("certificates_memory", known is not null);
        if (known is not null)
        {
            if (clock.GetUtcNow() >= known.RefreshAt)
            {
                RefreshUnlessFailed(known);
            }

            return new KdsOutcome.Found(known);
        }

        while (true)
        {
            if (_failures.TryGet(item, out KdsOutcome? failure))
            {
                return failure;
            }

            var flight = _flights.Join(item, () => lines.NewErrand(item, asker, urgency), LoadUnlessKnownAsync);
            flight.State.Ask(urgency);
            KdsOutcome outcome = await lines.AwaitAsync(flight.State, flight.Result, asker, cancellation);

            // Another's share was full, not this one's.
            if (outcome is not KdsOutcome.Unavailable { Reason: KdsReasons.CallerLimit } || flight.State.First == asker)
            {
                return outcome;
            }
        }
    }

    // The flight before this one may have landed after its result was missed above: asking again would ask AMD twice.
    private async Task<KdsOutcome> LoadUnlessKnownAsync(KdsErrand errand) =>
        Remembered(errand.Item) is { } known ? new KdsOutcome.Found(known)
        : _failures.TryGet(errand.Item, out KdsOutcome? failure) ? failure
        : await LoadAsync(errand);

    // Of a list the newer one, wherever it is.
    private KdsMaterial? Remembered(KdsItem item)
    {
        KdsMaterial? fetched = _memory.TryGet(item, out KdsMaterial? known) && clock.GetUtcNow() < known.NotAfter && answers.RolledBack(known) is null ? known : null;
        return fetched ?? preloaded.Find(item);
    }

    private async Task<KdsOutcome> LoadAsync(KdsErrand errand)
    {
        // Whoever may choose chip ids freely shall not make us ask without bound.
        bool hasShare = errand.Item.Kind == KdsItemKind.Vcek && errand.First.IsCaller;
        if (hasShare && lines.Shares.TryTake(errand.First) is var admission and not Admission.Admitted)
        {
            return admission == Admission.Full ? KdsReasons.IsBusy(Full) : KdsReasons.IsCallerLimit();
        }

        try
        {
            Task<KdsOutcome>? issuer = IssuerOf(errand);
            return await answers.OfSharedAsync(errand.Item, issuer) is { } cached ? Keep(cached) : await FetchAsync(errand, null, issuer);
        }
        finally
        {
            if (hasShare)
            {
                lines.Shares.Return(errand.First);
            }
        }
    }

    // A full line has room again when one turn has passed.
    private TimeSpan Full => options.Value.Spacing > TimeSpan.FromSeconds(10) ? options.Value.Spacing : TimeSpan.FromSeconds(10);

    // Asked for beside the item itself, so that a cold start costs one round trip and not two.
    private Task<KdsOutcome>? IssuerOf(KdsErrand errand) =>
        errand.Item.Kind == KdsItemKind.Chain ? null : GetAsync(errand.Item.Issuer, Asker.Itself, CancellationToken.None, errand.Urgency);

    private void RefreshUnlessFailed(KdsMaterial known)
    {
        kdsMetrics.StaleServed(known.Item.Label);
        if (!_failures.TryGet(known.Item, out _))
        {
            _ = RefreshInBackgroundAsync(known);
        }
    }

    private async Task RefreshInBackgroundAsync(KdsMaterial known)
    {
        try
        {
            await JoinRefreshAsync(known, KdsUrgency.Refresh);
        }
        catch (Exception e)
        {
            logger.RefreshFailed(known.Item.Label, known.Item.Product.ToString(), e);
        }
    }

    private Task<KdsOutcome> JoinRefreshAsync(KdsMaterial known, KdsUrgency urgency)
    {
        var flight = _flights.Join(known.Item, () => lines.NewErrand(known.Item, Asker.Itself, urgency), e => RefreshAsync(e, known));
        flight.State.Ask(urgency);
        return flight.Result;
    }

    // Another instance may have asked since; then its answer will do.
    private async Task<KdsOutcome> RefreshAsync(KdsErrand errand, KdsMaterial known)
    {
        Task<KdsOutcome>? issuer = IssuerOf(errand);
        KdsMaterial? cached = await answers.OfSharedAsync(known.Item, issuer);
        if (cached is not null && cached.FetchedAt > known.FetchedAt && clock.GetUtcNow() < cached.RefreshAt)
        {
            return Keep(cached);
        }

        // A newer list counts at once, even where a still newer one is due: one from a bundle may be old, and the key service away.
        if (cached is not null && known.Item.Kind == KdsItemKind.RevocationList && cached.IsNewerThan(known))
        {
            Keep(cached);
            return await FetchAsync(errand, cached, issuer);
        }

        return await FetchAsync(errand, known, issuer);
    }

    private async Task<KdsOutcome> FetchAsync(KdsErrand errand, KdsMaterial? known, Task<KdsOutcome>? issuer)
    {
        (KdsOutcome outcome, TimeSpan life) = await fetcher.FetchAsync(errand, known, issuer, chain => JoinRefreshAsync(chain, KdsUrgency.Asked));
        if (outcome is KdsOutcome.Found found)
        {
            return Keep(found.Material);
        }

        _failures.Add(errand.Item, outcome, life);
        return outcome;
    }

    private KdsOutcome.Found Keep(KdsMaterial material)
    {
        answers.Seen(material);
        _memory.Set(material.Item, material);
        _failures.Forget(material.Item);
        return new KdsOutcome.Found(material);
    }
}
