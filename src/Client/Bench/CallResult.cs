namespace Verifier.Client.Bench;

/// <summary>What became of a call.</summary>
internal enum CallOutcome
{
    /// <summary>An answer: a verdict that accepts, or whatever else was asked for.</summary>
    Accepted = 0,

    /// <summary>A verdict that rejects.</summary>
    Rejected = 1,

    /// <summary>RESOURCE_EXHAUSTED: the service had no room for it.</summary>
    Refused = 2,

    /// <summary>Any other status.</summary>
    Failed = 3,
}

/// <summary>One call that has ended.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">The check that failed, or status and reason of the error; null when accepted.</param>
internal sealed record CallResult(CallOutcome Outcome, string? Reason = null)
{
    /// <summary>An answer that accepts.</summary>
    public static CallResult Accepted { get; } = new(CallOutcome.Accepted);

    /// <summary>Whether it asked about a chip that was not asked about before.</summary>
    public bool IsCold { get; init; }

    /// <summary>How long the service asks to wait (google.rpc.RetryInfo).</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>Whether the answer had <c>grpc-retry-pushback-ms</c>.</summary>
    public bool HasPushback { get; init; }

    /// <summary>Whether the service took it on.</summary>
    public bool IsAdmitted => Outcome is CallOutcome.Accepted or CallOutcome.Rejected;
}
