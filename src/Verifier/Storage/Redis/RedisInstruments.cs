using System.Diagnostics.Metrics;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Storage.Redis;

/// <summary>What is measured of Redis's replicas.</summary>
internal sealed class RedisInstruments
{
    private readonly Counter<long>? _unproven;
    private int _connected;
    private int _acknowledging;

    public RedisInstruments(IMeterFactory? factory)
    {
        Meter? meter = factory?.Create(VerifierMetrics.MeterName);
        _unproven = meter?.CreateCounter<long>("verifier.redis.unproven", "{call}", "Calls refused since replicas did not vouch for the primary or for a change, by kind.");
        _ = meter?.CreateObservableGauge("verifier.redis.replicas", () => Volatile.Read(ref _connected), "{replica}", "Replicas that are connected to the primary.");
        _ = meter?.CreateObservableGauge(
            "verifier.redis.replicas.acknowledging", () => Volatile.Read(ref _acknowledging), "{replica}", "Replicas that acknowledged the last round of proof.");
    }

    /// <summary>A call that was refused, with the kinds <c>read</c> and <c>change</c>.</summary>
    public void Unproven(string kind) => _unproven?.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Replicas(int connected, int acknowledging)
    {
        Volatile.Write(ref _connected, connected);
        Volatile.Write(ref _acknowledging, acknowledging);
    }
}
