using System.Diagnostics.Metrics;
using Google.Rpc;
using Grpc.Core;
using Verifier.Service.Admission;

namespace Verifier.Service.Telemetry;

/// <summary>Calls that got no answer for a reason that lies with the service, by the reason that callers see.</summary>
internal sealed class CallMetrics : IStartsAtZero
{
    // The one that is told by UNAVAILABLE: it is not for the caller to ask less.
    private const string LineIsFull = "KDS_BUSY";

    // Those of any lane.
    private static readonly string[] OfEachLane = ["OVERLOADED", "CALLER_SHARE_TAKEN", "TENANT_SHARE_TAKEN"];

    private readonly Counter<long> _failed;
    private readonly Counter<long> _shed;

    public CallMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(VerifierMetrics.MeterName);
        _failed = meter.CreateCounter<long>(
            "verifier.calls.failed", "{call}", "Calls, and items of streams, that the service or what it depends on could not answer, by reason.");
        _shed = meter.CreateCounter<long>("verifier.calls.shed", "{call}", "Calls that were told to come back because too much is asked for, by reason and lane.");
    }

    /// <summary>Could not be answered; the reason is one of those of docs/errors.md.</summary>
    public void Failed(string reason) => _failed.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Was told to come back.</summary>
    public void Shed(string reason, string lane) => _shed.Add(1, new("reason", reason), new("lane", lane));

    /// <summary>Counts an answer if it tells a caller to come back: only our own errors say when.</summary>
    public void CountShed(RpcException error, string lane)
    {
        if (error.StatusCode is StatusCode.ResourceExhausted or StatusCode.Unavailable
            && error.GetRpcStatus() is { } status && status.GetDetail<RetryInfo>() is not null && status.GetDetail<ErrorInfo>() is { } info
            && (error.StatusCode == StatusCode.ResourceExhausted || info.Reason == LineIsFull))
        {
            Shed(info.Reason, lane);
        }
    }

    public void StartAtZero()
    {
        (string Reason, string Lane)[] usual =
        [
            ("TOO_MANY_CHALLENGES", "challenge"), ("TOO_MANY_WATCHERS", "read"), ("TOO_MANY_REGISTRATIONS", "registration"), ("TOO_MANY_IMPORTS", "registration"),
            (LineIsFull, "verify"), ("KDS_CALLER_LIMIT", "verify"),
        ];
        IEnumerable<(string, string)> general = OfEachLane.SelectMany(_ => Lanes.All, (reason, lane) => (reason, lane));
        foreach ((string reason, string lane) in usual.Concat(general))
        {
            _shed.Add(0, new("reason", reason), new("lane", lane));
        }

        foreach (string reason in new[]
        {
            "STORE_UNAVAILABLE", "STORE_UNFIT", "NOT_DURABLE", "LOG_NOT_LOADED", "LOG_ROLLED_BACK", "LOG_BROKEN", "RECORD_CONTRADICTS_LOG", "NOT_READY",
            "KDS_UNREACHABLE", "KDS_THROTTLED", LineIsFull, "KDS_BAD_ANSWER", "KDS_MISMATCH", "KDS_OFFLINE", "INTERNAL_DEFECT",
        })
        {
            _failed.Add(0, new KeyValuePair<string, object?>("reason", reason));
        }
    }
}
