using Microsoft.Extensions.Options;
using Verifier.Service.Health;

namespace Verifier.Service.Hosting;

/// <summary>Tells clients to go elsewhere before the listeners close, and gives them time to hear it.</summary>
internal sealed class DrainService(DependencyHealth health, IOptions<ServerOptions> options, TimeProvider clock, ILogger<DrainService> logger) : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        health.Drain();
        HostingLog.Draining(logger);
        return Task.Delay(options.Value.DrainDelay, clock, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
