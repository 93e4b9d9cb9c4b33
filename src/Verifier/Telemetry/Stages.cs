using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Verifier.Service.Telemetry;

/// <summary>
/// The stages of a verification: each is measured, and a span of its own where somebody listens. A span has a name and times and nothing
/// of the evidence.
/// </summary>
internal sealed class Stages
{
    public const string SourceName = "Verifier";

    public const string Parse = "parse";
    public const string Policy = "policy";
    public const string Kds = "kds";
    public const string Signature = "signature";
    public const string Registry = "registry";
    public const string Challenge = "challenge";
    public const string Judge = "judge";
    public const string Token = "token";

    /// <summary>All of them, in about the order in which they begin.</summary>
    public static readonly IReadOnlyList<string> All = [Parse, Policy, Registry, Kds, Signature, Challenge, Judge, Token];

    private static readonly ActivitySource Source = new(SourceName);

    private readonly Histogram<double> _duration;

    public Stages(IMeterFactory factory) => _duration = factory.Create(VerifierMetrics.MeterName).CreateHistogram(
        "verifier.stage.duration", "s", "Duration of the stages of a verification.", advice: VerifierMetrics.Seconds);

    /// <summary>Begins a stage, which ends when it is disposed of.</summary>
    public Stage Begin(string name) => new(name, Source.HasListeners() ? Source.StartActivity($"verifier.{name}") : null, Stopwatch.GetTimestamp(), _duration);

    /// <summary>Tells the span of the call what was decided: closed words, and the digest that is also in the log and in the answer.</summary>
    public static void Decided(string outcome, string reason, string evidenceId)
    {
        if (Source.HasListeners() && Activity.Current is { IsAllDataRequested: true } span)
        {
            span.SetTag("verifier.outcome", outcome).SetTag("verifier.reason", reason).SetTag("verifier.evidence_id", evidenceId);
        }
    }

    /// <summary>A stage under way.</summary>
    internal readonly struct Stage(string name, Activity? span, long start, Histogram<double> duration) : IDisposable
    {
        public void Dispose()
        {
            // Within the span, so that a bucket can show it as its example.
            duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>("stage", name));
            span?.Dispose();
        }
    }
}
