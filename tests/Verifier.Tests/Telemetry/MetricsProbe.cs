using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Verifier.Tests.Telemetry;

/// <summary>Hears the instruments of one service and of no other.</summary>
internal sealed class MetricsProbe : IDisposable
{
    private readonly MeterListener _listener = new();

    public MetricsProbe(IServiceProvider services)
    {
        IMeterFactory factory = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
        _listener.Start();
    }

    /// <summary>Instrument and labels of each measurement.</summary>
    public ConcurrentQueue<(string Instrument, string Labels)> Seen { get; } = new();

    public IEnumerable<string> LabelsOf(string instrument) => Seen.Where(s => s.Instrument == instrument).Select(s => s.Labels);

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Seen.Enqueue((instrument.Name, string.Join(',', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))));
}
