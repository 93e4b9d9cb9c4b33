using Microsoft.Extensions.Options;
using Verifier.Service.Health;

namespace Verifier.Service.Hosting;

/// <summary>
/// Tells clients to go elsewhere before the listeners close, and gives them time to hear it; then streams end, and the listeners close
/// once calls in flight have been answered. Being told to stop again changes nothing of that.
/// </summary>
internal sealed class DrainService(
    DependencyHealth health, DrainSignal signal, IOptions<ServerOptions> options, TimeProvider clock, ILogger<DrainService> logger) : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        health.Drain();
        HostingLog.Draining(logger);
        try
        {
            await Task.Delay(options.Value.DrainDelay, clock, cancellationToken);
        }
        finally
        {
            signal.End();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
