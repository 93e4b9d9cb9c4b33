using Verifier.Service.Registry;

namespace Verifier.Service.Storage;

/// <summary>
/// Asks the store from the start on and every few seconds, so that an operator reads in the log, without any caller, that it is away or
/// unfit, and that it is back. Never stops the service: callers are told by the calls themselves.
/// </summary>
internal sealed class StoreWatch(IStore store, IReferenceValueStore references, ILogger<StoreWatch> logger, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private string? _lastTold;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        logger.StoreChosen(store.Description);
        Warn();
        using PeriodicTimer timer = new(Period, clock);
        try
        {
            do
            {
                await AskAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        try
        {
            await references.PingAsync(cancellation);
            Tell("", () => logger.StoreAnswers());
            Warn();
        }
        catch (StoreUnavailableException e)
        {
            Tell(e.Message, () => logger.StoreUnavailable(e.Message, e));
        }
        catch (StoreUnfitException e)
        {
            Tell(e.Message, () => logger.StoreUnfit(e.Message, e));
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Ours or a package's; it must not end the service.
            Tell(e.Message, () => logger.StoreFailed(e));
        }
    }

    private void Warn()
    {
        foreach (string warning in store.Warnings.Where(_warned.Add))
        {
            logger.StoreWeakened(warning);
        }
    }

    /// <summary>Says a thing once, not every few seconds.</summary>
    private void Tell(string what, Action say)
    {
        if (what != _lastTold)
        {
            _lastTold = what;
            say();
        }
    }
}
