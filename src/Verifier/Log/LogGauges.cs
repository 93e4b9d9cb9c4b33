using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Log;

/// <summary>
/// The logs of the tenants that this instance follows, and the size of their registries. Tenants without a label of their own are added up;
/// of ages and faults the worst counts.
/// </summary>
internal sealed class LogGauges : IGauges
{
    private readonly LogFollower _follower;
    private readonly TenantLabels _tenants;

    public LogGauges(IMeterFactory factory, LogFollower follower, TenantLabels tenants, IOptions<LogOptions> options, TimeProvider clock)
    {
        _follower = follower;
        _tenants = tenants;
        Meter meter = factory.Create(VerifierMetrics.MeterName);
        meter.CreateObservableGauge("verifier.registry.records", Records, "{record}", "Reference values, by state and tenant.");
        meter.CreateObservableGauge("verifier.log.size", () => Of(l => l.Current?.Size, Enumerable.Sum), "{entry}", "Entries of the log, by tenant.");
        meter.CreateObservableGauge(
            "verifier.log.head.age", () => Of(l => HeadAge(l, clock.GetUtcNow()), Enumerable.Max), "s", "Time since the newest head of the log was signed, by tenant: since its last change.");
        meter.CreateObservableGauge("verifier.log.read.age", () => Of(l => l.Ages.ReadShown.TotalSeconds, Enumerable.Max), "s", "Time since the log was last read to its end, by tenant.");
        meter.CreateObservableGauge("verifier.log.faulted", () => Of(l => l.Fault is null ? 0 : 1, Enumerable.Max), "{bool}", "1 while store and log contradict each other and the registry is not judged by, by tenant.");
        meter.CreateObservableGauge("verifier.audit.age", () => Of(l => l.Ages.AuditShown.TotalSeconds, Enumerable.Max), "s", "Time since the last audit that found nothing, by tenant; before the first, since the tenant is followed.");
        meter.CreateObservableGauge("verifier.audit.interval", () => options.Value.AuditInterval.TotalSeconds, "s", "Within which time an audit is to find whatever is wrong: Log:AuditInterval.");
    }

    private IEnumerable<Measurement<double>> Of(Func<TenantLog, double?> value, Func<IEnumerable<double>, double> together) => _follower.Followed
        .Select(l => (Label: _tenants.Of(l.Tenant), Value: value(l)))
        .Where(l => l.Value is not null)
        .GroupBy(l => l.Label, l => l.Value!.Value)
        .Select(g => new Measurement<double>(together(g), new KeyValuePair<string, object?>("tenant", g.Key)));

    private IEnumerable<Measurement<long>> Records() => _follower.Followed
        .Where(l => l.Current is not null)
        .SelectMany(l => l.Current!.RecordsByState.Select(s => (Tenant: _tenants.Of(l.Tenant), s.State, s.Count)))
        .GroupBy(s => (s.Tenant, s.State), s => s.Count)
        .Select(g => new Measurement<long>(g.Sum(), new("state", g.Key.State), new("tenant", g.Key.Tenant)));

    private static double? HeadAge(TenantLog log, DateTimeOffset now) =>
        log.Current?.Ask((_, _, head) => head) is { } head ? (now - head.Head.Time).TotalSeconds : null;
}
