using System.Globalization;
using Microsoft.Extensions.Options;

namespace Verifier.Service.Kds;

/// <summary>
/// Gets one item from the key service, once for all instances: whoever has the lease asks and shares the answer; the others wait for it.
/// Each asks only in its turn, and goes back to the line when the key service throttles.
/// </summary>
internal sealed class KdsFetcher(
    KdsClient client, FleetTurns turns, KdsLines lines, VerifiedAnswers answers, SharedMaterials shared, IOptions<KdsOptions> options, KdsMetrics metrics,
    TimeProvider clock, [FromKeyedServices(KdsServices.NetworkClock)] TimeProvider networkClock)
{
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestMark = TimeSpan.FromMinutes(2);

    /// <param name="errand">What to get.</param>
    /// <param name="known">What is at hand and to be renewed; null when nothing is.</param>
    /// <param name="issuer">The chain of the item; null when it is one.</param>
    /// <param name="renew">Fetches a newer chain.</param>
    /// <returns>The outcome, and for how long a failure holds.</returns>
    public async Task<(KdsOutcome Outcome, TimeSpan Life)> FetchAsync(
        KdsErrand errand, KdsMaterial? known, Task<KdsOutcome>? issuer, Func<KdsMaterial, Task<KdsOutcome>> renew)
    {
        KdsItem item = errand.Item;
        if (options.Value.Mode == KdsMode.Offline)
        {
            return Lasting(item, KdsReasons.IsOffline(), known);
        }

        // Without its issuer an answer could not be verified: do not ask AMD for it.
        if (issuer is { IsCompletedSuccessfully: true } && await issuer is KdsOutcome.Unavailable unavailable)
        {
            return Lasting(item, unavailable, known);
        }

        if (await LeaseAsync(errand) is { } elsewhere)
        {
            return elsewhere;
        }

        // Another instance may have ended its work between our looking and our lease.
        if (await answers.OfSharedAsync(item, issuer) is { } cached && IsNews(cached, known))
        {
            await turns.EndLeaseAsync(item.CacheKey, null, TimeSpan.Zero);
            return (new KdsOutcome.Found(cached), TimeSpan.Zero);
        }

        (KdsOutcome outcome, TimeSpan life) = Lasting(item, await AskWithLeaseAsync(errand, issuer, renew), known);
        if (outcome is KdsOutcome.Found found)
        {
            await shared.WriteAsync(found.Material, CancellationToken.None);
        }

        string? mark = outcome switch
        {
            KdsOutcome.NoSuch => KdsReasons.NoSuchCertificate,
            KdsOutcome.Unavailable { WasAsked: true } failed => failed.Reason,
            _ => null,
        };
        await turns.EndLeaseAsync(item.CacheKey, mark is null || life <= TimeSpan.Zero ? null : Mark(mark, life), life);
        return (outcome, life);
    }

    private bool IsNews(KdsMaterial cached, KdsMaterial? known) =>
        known is null || (cached.FetchedAt > known.FetchedAt && clock.GetUtcNow() < cached.RefreshAt);

    private static (KdsOutcome Outcome, TimeSpan Life) Lasting(KdsItem item, KdsOutcome outcome, KdsMaterial? known) =>
        (outcome, RememberedFailures.LifeOf(item, outcome, isRefresh: known is not null));

    // Null once the lease is ours; else how it ended elsewhere.
    private async Task<(KdsOutcome Outcome, TimeSpan Life)?> LeaseAsync(KdsErrand errand)
    {
        TimeSpan poll = ShortestPoll;
        while (true)
        {
            KdsLease lease = await turns.TryLeaseAsync(errand.Item.CacheKey);
            if (lease.IsOurs)
            {
                metrics.Lease("taken");
                return null;
            }

            if (lease.Mark is { } mark && ReadMark(mark) is { } failed)
            {
                metrics.Lease("failed_elsewhere");
                return failed;
            }

            if (errand.IsAbandoned)
            {
                return (KdsReasons.IsBusy(LongestPoll), TimeSpan.Zero);
            }

            metrics.Lease("elsewhere");
            await Task.Delay(poll, TimeProvider.System);
            poll = poll * 2 < LongestPoll ? poll * 2 : LongestPoll;
        }
    }

    private async Task<KdsOutcome> AskWithLeaseAsync(KdsErrand errand, Task<KdsOutcome>? issuer, Func<KdsMaterial, Task<KdsOutcome>> renew)
    {
        using CancellationTokenSource done = new();
        Task renewing = KeepLeaseAsync(errand.Item.CacheKey, done.Token);
        try
        {
            return await AskAsync(errand, issuer, renew);
        }
        finally
        {
            await done.CancelAsync();
            await renewing;
        }
    }

    private async Task<KdsOutcome> AskAsync(KdsErrand errand, Task<KdsOutcome>? issuer, Func<KdsMaterial, Task<KdsOutcome>> renew)
    {
        while (true)
        {
            if (!await lines.TurnAsync(errand))
            {
                return KdsReasons.IsBusy(LongestPoll);
            }

            if (issuer is { IsCompletedSuccessfully: true } && await issuer is KdsOutcome.Unavailable unavailable)
            {
                return unavailable;
            }

            KdsOutcome? outcome = await client.FetchAsync(errand.Item, body => answers.OfAnswerAsync(errand.Item, body, issuer, renew), CancellationToken.None);
            if (outcome is not null)
            {
                return outcome;
            }
        }
    }

    private async Task KeepLeaseAsync(string key, CancellationToken done)
    {
        try
        {
            while (true)
            {
                await Task.Delay(FleetTurns.LeaseLife / 3, TimeProvider.System, done);
                await turns.RenewLeaseAsync(key);
            }
        }
        catch (OperationCanceledException)
        {
            // The work is done.
        }
    }

    // A reason and when it stops holding (Unix milliseconds).
    private string Mark(string reason, TimeSpan life) =>
        string.Create(CultureInfo.InvariantCulture, $"{reason} {(networkClock.GetUtcNow() + life).ToUnixTimeMilliseconds()}");

    // Only the failures that we know, and no longer than one may hold: a mark can refuse for a while, and can never accept.
    private (KdsOutcome Outcome, TimeSpan Life)? ReadMark(string mark)
    {
        string[] parts = mark.Split(' ');
        if (parts.Length != 2 || KdsReasons.FromMark(parts[0]) is not { } outcome
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long until))
        {
            return null;
        }

        double left = until - networkClock.GetUtcNow().ToUnixTimeMilliseconds();
        TimeSpan life = TimeSpan.FromMilliseconds(Math.Clamp(left, 0, LongestMark.TotalMilliseconds));
        return (outcome is KdsOutcome.Unavailable failed ? failed with { RetryAfter = life < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : life } : outcome, life);
    }
}
