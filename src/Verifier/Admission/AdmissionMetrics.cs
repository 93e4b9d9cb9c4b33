using System.Diagnostics.Metrics;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Admission;

/// <summary>What those who ask much notice: waits for a place, and connections that are closed. Whoever finds a place free is not counted.</summary>
internal sealed class AdmissionMetrics : IStartsAtZero
{
    private readonly Histogram<double> _wait;
    private readonly Counter<long> _refused;

    public AdmissionMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(VerifierMetrics.MeterName);
        _wait = meter.CreateHistogram(
            "verifier.admission.wait", "s", "Waits for a place of those who had to, by lane, whatever they ended with.", advice: VerifierMetrics.Seconds);
        _refused = meter.CreateCounter<long>(
            "verifier.connections.refused", "{connection}", "Connections closed at once because their address, or all together, have as many as they may have.");
    }

    public void ConnectionRefused() => _refused.Add(1);

    public void StartAtZero() => _refused.Add(0);

    public void Waited(Lane lane, TimeSpan time) => _wait.Record(time.TotalSeconds, new KeyValuePair<string, object?>("lane", lane.Name()));
}

/// <summary>How many wait, and how many places are taken.</summary>
internal sealed class AdmissionGauges : IGauges
{
    public AdmissionGauges(IMeterFactory factory, WorkPlaces places, AdmissionGate gate)
    {
        Meter meter = factory.Create(VerifierMetrics.MeterName);
        meter.CreateObservableUpDownCounter(
            "verifier.admission.queue",
            () => Enum.GetValues<Lane>().Select(lane => new Measurement<long>(places.WaitingIn(lane), new KeyValuePair<string, object?>("lane", lane.Name()))),
            "{call}",
            "Calls and items of streams that wait for a place, by lane.");
        meter.CreateObservableUpDownCounter("verifier.admission.places", () => (long)places.InUse, "{place}", "Places in which work is done.");
        meter.CreateObservableUpDownCounter("verifier.admission.streams", () => (long)gate.InFlight.Streams, "{call}", "Streams that last as long as their caller wants.");
    }
}
