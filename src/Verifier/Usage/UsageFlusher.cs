using Verifier.Service.Registry;

namespace Verifier.Service.Usage;

/// <summary>Brings counts to the store every few seconds, and when the service ends.</summary>
internal sealed class UsageFlusher(UsageCounter counter, IUsageStore store, TimeProvider clock, ILogger<UsageFlusher> logger) : BackgroundService
{
    private bool _told;

    /// <summary>Flushes once; what the store does not take is held until the next time.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        IReadOnlyList<UsageCount> counts = counter.Take();
        if (counts.Count == 0)
        {
            return;
        }

        try
        {
            await store.AddAsync(counts, cancellation);
            _told = false;
        }
        catch (Exception e) when (e is StoreUnavailableException or StoreUnfitException or OperationCanceledException)
        {
            // What of it the store took before it failed is then counted twice: a warning shown too often is better than one not shown.
            counter.PutBack(counts);
            if (!_told && e is not OperationCanceledException)
            {
                _told = true;
                UsageLog.NotFlushed(logger, e.Message);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(UsageLimits.FlushInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The last flush follows.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }
}

/// <summary>Log messages of the counting, ids 6100 to 6199.</summary>
internal static partial class UsageLog
{
    [LoggerMessage(6100, LogLevel.Warning, "The counts of accepted guests cannot be stored; they are held and tried again: {Why}")]
    public static partial void NotFlushed(ILogger logger, string why);
}
