using System.Diagnostics.Metrics;

namespace Verifier.Service.Telemetry;

/// <summary>Counters and durations of what the service depends on. Every label comes from a closed list; nothing of a caller's ever becomes one.</summary>
internal sealed class VerifierMetrics : IStartsAtZero
{
    public const string MeterName = "Verifier";

    // One warm verification takes about a millisecond, which the conventional first bucket of 5 ms would hide.
    public static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Counter<long> _kdsRequests;
    private readonly Counter<long> _cacheLookups;
    private readonly Counter<long> _cachePoisoned;
    private readonly Counter<long> _logAlarms;
    private readonly Counter<long> _usageDropped;
    private readonly Histogram<double> _storeDuration;

    public VerifierMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(MeterName);
        _kdsRequests = meter.CreateCounter<long>("verifier.kds.requests", "{request}", "Requests to AMD's key service, by kind and outcome.");
        _cacheLookups = meter.CreateCounter<long>("verifier.cache.lookups", "{lookup}", "Look-ups in caches, by cache and hit.");
        _cachePoisoned = meter.CreateCounter<long>("verifier.cache.poisoned", "{entry}", "Entries of a shared cache that did not verify and were removed.");
        _logAlarms = meter.CreateCounter<long>("verifier.log.alarms", "{alarm}", "Contradictions between store and log, by reason.");
        _usageDropped = meter.CreateCounter<long>("verifier.usage.dropped", "{verdict}", "Accepted guests that were not counted for lack of room.");
        _storeDuration = meter.CreateHistogram("verifier.store.duration", "s", "Duration of store operations, by operation and outcome.", advice: Seconds);
    }

    /// <summary>A request to the key service, with kinds <c>vcek</c>, <c>chain</c>, <c>crl</c>.</summary>
    public void KdsRequest(string kind, string outcome) =>
        _kdsRequests.Add(1, new("kind", kind), new("outcome", outcome));

    /// <summary>A look-up in a cache.</summary>
    public void CacheLookup(string cache, bool hit) =>
        _cacheLookups.Add(1, new("cache", cache), new("hit", hit));

    /// <summary>An entry of a shared cache that did not verify.</summary>
    public void CachePoisoned(string cache) => _cachePoisoned.Add(1, new KeyValuePair<string, object?>("cache", cache));

    /// <summary>Store and log contradict each other, with the reasons that callers see.</summary>
    public void LogAlarm(string reason) => _logAlarms.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Accepted guests that were not counted.</summary>
    public void UsageDropped(long accepted) => _usageDropped.Add(accepted);

    /// <summary>An operation of the store, with the outcomes <c>ok</c>, <c>unavailable</c>, <c>unfit</c>.</summary>
    public void StoreCall(string operation, string outcome, TimeSpan duration) =>
        _storeDuration.Record(duration.TotalSeconds, new("operation", operation), new("outcome", outcome));

    public void StartAtZero()
    {
        foreach (string reason in new[] { "LOG_ROLLED_BACK", "LOG_BROKEN", "RECORD_CONTRADICTS_LOG" })
        {
            _logAlarms.Add(0, new KeyValuePair<string, object?>("reason", reason));
        }

        foreach (string kind in new[] { "vcek", "chain", "crl" })
        {
            foreach (string outcome in new[]
            {
                "ok", "not_found", "throttled", "refused", "server_error", "timeout", "redirected", "too_large", "encoded", "circuit_open", "unreachable",
                "mismatch", "bad_answer", "no_issuer",
            })
            {
                _kdsRequests.Add(0, new("kind", kind), new("outcome", outcome));
            }
        }

        _cachePoisoned.Add(0, new KeyValuePair<string, object?>("cache", "certificates_shared"));
        _usageDropped.Add(0);
    }
}
