namespace Verifier.Service.Telemetry;

/// <summary>Makes the gauges, and the first series of the counters, once whoever collects them is there.</summary>
internal sealed class InstrumentStart(IServiceProvider services) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _ = services.GetServices<IGauges>().ToArray();
        foreach (IStartsAtZero counters in services.GetServices<IStartsAtZero>())
        {
            counters.StartAtZero();
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
