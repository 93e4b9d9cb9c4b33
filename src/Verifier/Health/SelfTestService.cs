using Microsoft.Extensions.Options;
using Verifier.Service.Pipeline;

namespace Verifier.Service.Health;

/// <summary>Runs the self-test before the listeners open. When it fails the process stays up, not ready, and judges nothing.</summary>
internal sealed class SelfTestService(DependencyHealth health, IOptions<CryptoOptions> crypto, ILogger<SelfTestService> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        (int count, string? fault) = SelfTest.Run(SelfTestEvidence.Load(), crypto.Value.Engine);
        if (fault is null)
        {
            health.SelfTestPassed();
            HealthLog.SelfTestPassed(logger, count);
        }
        else
        {
            HealthLog.SelfTestFailed(logger, fault);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
