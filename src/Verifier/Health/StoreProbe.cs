using Verifier.Service.Registry;

namespace Verifier.Service.Health;

/// <summary>
/// Asks the store from time to time, so that its health is known without traffic; the store tells the log itself. AMD's key service is
/// never asked for that: it tells how it did whenever it was needed.
/// </summary>
internal sealed class StoreProbe(IReferenceValueStore store, DependencyHealth health, TimeProvider clock) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Asks once.</summary>
    public async Task ProbeAsync(CancellationToken cancellation) =>
        health.Report(DependencyHealth.Store, await IsServingAsync(cancellation));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using PeriodicTimer timer = new(Interval, clock);
        do
        {
            await ProbeAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> IsServingAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await store.PingAsync(patience.Token);
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Away, unfit, too slow, or a defect: the store's own watch tells which.
            return false;
        }
    }
}
