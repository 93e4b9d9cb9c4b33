using System.Diagnostics.Metrics;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Kds;

/// <summary>Instruments of the way to the key service. Labels come from closed lists.</summary>
internal sealed class KdsMetrics
{
    // Up to the longest that anything stays in the line.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800] };

    private readonly UpDownCounter<long> _pending;
    private readonly Histogram<double> _wait;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _leases;
    private readonly Counter<long> _pauses;
    private readonly Counter<long> _alone;
    private readonly Counter<long> _stale;
    private readonly Counter<long> _prewarm;
    private readonly Counter<long> _bundle;

    public KdsMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(VerifierMetrics.MeterName);
        _pending = meter.CreateUpDownCounter<long>("verifier.kds.pending", "{item}", "What waits for its turn to ask AMD's key service, by lane.");
        _wait = meter.CreateHistogram("verifier.kds.wait", "s", "Time from entering the line to a turn, by lane.", advice: Seconds);
        _refused = meter.CreateCounter<long>("verifier.kds.refused", "{call}", "Calls told to come back for lack of a certificate or list, by reason.");
        _leases = meter.CreateCounter<long>("verifier.kds.leases", "{lease}", "Leases wanted before AMD's key service is asked, by outcome.");
        _pauses = meter.CreateCounter<long>("verifier.kds.pauses", "{pause}", "Pauses that AMD's key service demanded of this instance.");
        _alone = meter.CreateCounter<long>("verifier.kds.alone", "{question}", "Questions to other instances that the store could not carry.");
        _stale = meter.CreateCounter<long>("verifier.kds.stale_served", "{item}", "Chains and lists served, still valid, while a newer one was being fetched, by kind.");
        _prewarm = meter.CreateCounter<long>("verifier.kds.prewarm", "{chip}", "Chips of the inventory looked for, by outcome.");
        _bundle = meter.CreateCounter<long>("verifier.kds.bundle_entries", "{entry}", "Entries taken from the bundle file, by kind.");
    }

    public void Pending(KdsLane lane, int change) => _pending.Add(change, Label("lane", lane.Label()));

    public void Waited(KdsLane lane, TimeSpan time) => _wait.Record(time.TotalSeconds, Label("lane", lane.Label()));

    /// <summary>A call is told to come back: <c>busy</c>, <c>caller_limit</c>, <c>throttled</c>, or <c>unavailable</c> for what happened to the request.</summary>
    public void Refused(string reason) => _refused.Add(1, Label("reason", reason switch
    {
        KdsReasons.Busy => "busy",
        KdsReasons.CallerLimit => "caller_limit",
        KdsReasons.Throttled => "throttled",
        _ => "unavailable",
    }));

    /// <summary>A lease was wanted: <c>taken</c>, <c>elsewhere</c>, <c>failed_elsewhere</c>.</summary>
    public void Lease(string outcome) => _leases.Add(1, Label("outcome", outcome));

    public void Paused() => _pauses.Add(1);

    public void WentAlone() => _alone.Add(1);

    public void StaleServed(string kind) => _stale.Add(1, Label("kind", kind));

    /// <summary>A chip of the inventory: <c>at_hand</c>, <c>no_such</c>, <c>later</c>.</summary>
    public void Prewarmed(string outcome) => _prewarm.Add(1, Label("outcome", outcome));

    public void Preloaded(string kind) => _bundle.Add(1, Label("kind", kind));

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
