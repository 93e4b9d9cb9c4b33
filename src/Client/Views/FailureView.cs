using System.Text.Json.Serialization;
using SevSnp.Checks;

namespace Verifier.Client.Views;

/// <summary>What <c>--format json</c> prints when there is no result.</summary>
internal sealed record FailureView(ErrorView Error)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public static FailureView Of(CommandFailure failure) => new(new ErrorView
    {
        Kind = failure.ExitCode switch
        {
            ExitCode.Malformed => "malformed",
            ExitCode.Refused => "refused",
            ExitCode.Outage => "outage",
            _ => "usage",
        },
        Message = failure.Message,
        Check = failure.Fault is { Check: not CheckId.None } broken ? broken.Check.WireName() : null,
        Field = failure.Fault?.Field,
        Offset = failure.Fault is { Offset: >= 0 } fault ? fault.Offset : null,
        Rule = failure.Fault?.Rule,
        Reason = failure.Reason,
        Violations = failure.Violations.Count == 0 ? null : [.. failure.Violations.Select(v => new ViolationView(v.Field, v.Description))],
        RetryAfterSeconds = failure.RetryAfter?.TotalSeconds,
        Hint = failure.Hint,
    });
}

/// <summary>The error: <c>kind</c> is usage, malformed, refused or outage, like the exit code.</summary>
internal sealed record ErrorView
{
    public required string Kind { get; init; }

    public required string Message { get; init; }

    /// <summary>The check that malformed evidence broke.</summary>
    public string? Check { get; init; }

    public string? Field { get; init; }

    public int? Offset { get; init; }

    public string? Rule { get; init; }

    /// <summary>The service's reason.</summary>
    public string? Reason { get; init; }

    public IReadOnlyList<ViolationView>? Violations { get; init; }

    public double? RetryAfterSeconds { get; init; }

    public string? Hint { get; init; }
}

internal sealed record ViolationView(string Field, string Description);
