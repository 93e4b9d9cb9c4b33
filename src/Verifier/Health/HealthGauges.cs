using System.Diagnostics.Metrics;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Health;

/// <summary>What grpc.health.v1 tells, as numbers.</summary>
internal sealed class HealthGauges : IGauges
{
    public HealthGauges(IMeterFactory factory, DependencyHealth health)
    {
        Meter meter = factory.Create(VerifierMetrics.MeterName);
        meter.CreateObservableGauge("verifier.serving", () => health.IsServing ? 1 : 0, "{bool}", "1 when this instance takes calls: the self-test has passed, and it is not about to stop.");
        meter.CreateObservableGauge("verifier.selftest.passed", () => health.IsSelfTested ? 1 : 0, "{bool}", "1 when judging was seen to judge rightly since the start.");
        meter.CreateObservableGauge(
            "verifier.dependency.serving",
            () => health.Dependencies.Select(d => new Measurement<int>(d.IsServing ? 1 : 0, new KeyValuePair<string, object?>("dependency", d.Name))),
            "{bool}",
            "1 when a dependency did well the last time it was asked; nothing before the first time.");
    }
}
