using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Verifier.Tests.Kds;

/// <summary>Counts what one meter factory's counters were told, by instrument and labels.</summary>
internal sealed class MetricCounts : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly MeterListener _listener = new();

    public MetricCounts(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            string name = $"{instrument.Name}{{{string.Join(",", tags.ToArray().Select(t => $"{t.Key}={t.Value}"))}}}";
            _counts.AddOrUpdate(name, value, (_, sum) => sum + value);
            OnCount?.Invoke(name);
        });
        _listener.Start();
    }

    /// <summary>Called at each count, by whoever counts: a test can hold it up there.</summary>
    public Action<string>? OnCount { get; set; }

    public long this[string name] => _counts.GetValueOrDefault(name);

    public void Dispose() => _listener.Dispose();
}
