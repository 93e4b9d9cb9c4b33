using System.Text.Json.Serialization;
using Verifier.Client.Bench;

namespace Verifier.Client.Views;

/// <summary>What <c>bench</c> measured.</summary>
internal sealed record BenchView
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public required string Server { get; init; }

    /// <summary>verify, challenge or health.</summary>
    public required string Operation { get; init; }

    /// <summary>How many chips were asked about again and again.</summary>
    public int? WarmChips { get; init; }

    /// <summary>How many were asked about once.</summary>
    public long? ColdChips { get; init; }

    public required int Connections { get; init; }

    public PeakView? Peak { get; init; }

    public required IReadOnlyList<PhaseView> Phases { get; init; }
}

/// <summary>The most that the service could do, or was said to.</summary>
internal sealed record PeakView
{
    public required double Goodput { get; init; }

    public int? Concurrency { get; init; }

    public IReadOnlyList<PeakStepView>? Steps { get; init; }
}

/// <summary>One step of the search for the peak.</summary>
internal sealed record PeakStepView(int Concurrency, double Goodput, LatencyView Latency)
{
    public double? CpuMicrosecondsPerCall { get; init; }

    public static PeakStepView Of(int callers, PhaseRecord record, double? cpu) =>
        new(callers, record.Goodput, LatencyView.Of(record.Admitted)) { CpuMicrosecondsPerCall = cpu };
}

/// <summary>One load: with <c>concurrency</c> a closed loop, with <c>rate</c> an open one.</summary>
internal sealed record PhaseView
{
    public int? Concurrency { get; init; }

    /// <summary>Calls for each second that were due.</summary>
    public double? Rate { get; init; }

    /// <summary>fixed or poisson.</summary>
    public string? Arrivals { get; init; }

    public double? TimesPeak { get; init; }

    public required double Seconds { get; init; }

    public required long Calls { get; init; }

    /// <summary>Answers with a verdict for each second.</summary>
    public required double Goodput { get; init; }

    public double? GoodputOfPeak { get; init; }

    public required long Accepted { get; init; }

    public required long Rejected { get; init; }

    public required long Refused { get; init; }

    public required long Failed { get; init; }

    public required IReadOnlyList<OutcomeView> Outcomes { get; init; }

    public RefusalHintView? RefusalHints { get; init; }

    public required LatenciesView LatencyMilliseconds { get; init; }

    /// <summary>Goodput of each twentieth of the load.</summary>
    public required IReadOnlyList<double> GoodputOverTime { get; init; }

    /// <summary>Numbers of admitted calls by how long they took, for the plot.</summary>
    public required IReadOnlyList<BarView> Distribution { get; init; }

    public ProcessView? Process { get; init; }

    public bool? IsCalmAgain { get; init; }

    public double? CalmAfterSeconds { get; init; }

    public static PhaseView Of(PhaseRecord record) => new()
    {
        Seconds = record.Duration.TotalSeconds,
        Calls = record.Calls,
        Goodput = record.Goodput,
        Accepted = record.Of(CallOutcome.Accepted),
        Rejected = record.Of(CallOutcome.Rejected),
        Refused = record.Of(CallOutcome.Refused),
        Failed = record.Of(CallOutcome.Failed),
        Outcomes = [.. record.Outcomes.Select(o => new OutcomeView(o.Outcome.ToString().ToLowerInvariant(), o.Reason, o.Calls))],
        RefusalHints = record.Refused.Count == 0 ? null
            : new(record.WithHint, record.WithPushback, record.ShortestDelay?.TotalSeconds, record.LongestDelay?.TotalSeconds),
        LatencyMilliseconds = LatenciesView.Of(record),
        GoodputOverTime = record.GoodputOverTime,
        Distribution = BarView.Of(record.Admitted),
    };
}

/// <summary>How many calls ended so; <c>reason</c> is the check that failed, or status and reason of the error.</summary>
internal sealed record OutcomeView(string Outcome, string? Reason, long Calls);

/// <summary>How many refused calls were told when to come again, and the shortest and longest time they were told.</summary>
internal sealed record RefusalHintView(long WithRetryInfo, long WithPushback, double? ShortestSeconds, double? LongestSeconds);

/// <summary>Processor time of the service's process during the load, and its memory before, at most, and after the load (and once it is calm again).</summary>
internal sealed record ProcessView(double CpuSeconds, long ResidentBytesBefore, long ResidentBytesMost, long ResidentBytesAfter, long ResidentBytesGrowth)
{
    public double? CpuMicrosecondsPerCall { get; init; }

    public static ProcessView Of(ProcessFigures before, ProcessFigures ended, long residentAfter, long most, long calls)
    {
        TimeSpan cpu = ended.Cpu - before.Cpu;
        return new(cpu.TotalSeconds, before.ResidentBytes, Math.Max(most, residentAfter), residentAfter, residentAfter - before.ResidentBytes)
        {
            CpuMicrosecondsPerCall = calls > 0 ? cpu.TotalMicroseconds / calls : null,
        };
    }
}
