using System.Text.Json.Serialization;
using SevSnp.Explanation;
using SevSnp.Measurement;
using SevSnp.Reports;

namespace Verifier.Client.Views;

/// <summary>What <c>explain</c> gives.</summary>
internal sealed record ExplanationView
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    /// <summary>Always false: an explanation believes the report.</summary>
    public bool Verified { get; }

    /// <summary>The measurement of the report.</summary>
    public required string Measurement { get; init; }

    public required IReadOnlyList<ExplainedFileView> Files { get; init; }

    /// <summary>The file that is nearest to the guest, where none gives its measurement and one is linked to it.</summary>
    public string? Nearest { get; init; }

    /// <summary>Where the first two files part.</summary>
    public TraceDifferenceView? FirstDifference { get; init; }

    public static ExplanationView Of(AttestationReport report, IReadOnlyList<ExplainedFileView> files, TraceDifferenceView? difference) => new()
    {
        Measurement = report.Measurement.ToString(),
        Files = files,
        Nearest = files.Any(f => f.Matches.Count > 0) ? null : files.Where(f => f.Nearness > 0).OrderByDescending(f => f.Nearness).ThenBy(f => f.Differences.Count).FirstOrDefault()?.File,
        FirstDifference = difference,
    };
}

/// <summary>One file, or why it explains nothing.</summary>
internal sealed record ExplainedFileView
{
    public required string File { get; init; }

    /// <summary>What the file measures under the launch asked for.</summary>
    public string? Measurement { get; init; }

    public string? Launch { get; init; }

    /// <summary>The ways of launching it that give the report's measurement.</summary>
    public IReadOnlyList<MatchView> Matches { get; init; } = [];

    /// <summary>Without a match: how the guest may be related to the file.</summary>
    public string? NoMatch { get; init; }

    [JsonIgnore]
    public int? Nearness { get; init; }

    /// <summary>Why the ID block of the file cannot be compared.</summary>
    public string? IdBlockFault { get; init; }

    /// <summary>Where the report is not what policy and ID block of the file say.</summary>
    public IReadOnlyList<ClaimDifference> Differences { get; init; } = [];

    public ErrorView? Error { get; init; }
}

/// <summary>One way of launching a file.</summary>
internal sealed record MatchView(string Launch, string Deviation, long Steps, string Text, string? Remedy)
{
    public static MatchView Of(IgvmVariantMatch match) => new(
        match.Launch.Name,
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(match.Deviation.ToString()),
        match.Steps,
        LaunchWords.Of(match.Launch.Profile, match.Launch.ZeroPages, match.Launch.Vmsas, match.Deviation),
        LaunchWords.Remedy(match.Deviation));
}

/// <summary>The first step in which two files differ under one launch; without a step they are the same.</summary>
internal sealed record TraceDifferenceView(string LeftFile, string RightFile, string Launch, int? Step, LaunchStepView? Left, LaunchStepView? Right)
{
    public static TraceDifferenceView Of(string left, string right, string launch, LaunchDifference? difference) => new(
        left,
        right,
        launch,
        difference?.Number,
        difference?.Left is { } l ? LaunchStepView.Of(l, difference.Number - 1) : null,
        difference?.Right is { } r ? LaunchStepView.Of(r, difference.Number - 1) : null);
}
