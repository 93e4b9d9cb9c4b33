using System.Text.Json.Serialization;

namespace Verifier.Client.Views;

/// <summary>
/// A verdict as the command line shows it, the same whether the library or a service gave it. Its JSON form is a contract with
/// scripts (docs/cli.md): members are added, never renamed.
/// </summary>
internal sealed record VerdictView
{
    public const string Accepted = "accepted";
    public const string Rejected = "rejected";
    public const string NotAuthentic = "not_authentic";
    public const string Refused = "refused";

    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    /// <summary><c>accepted</c> or <c>rejected</c>; there is no third.</summary>
    public required string Outcome { get; init; }

    /// <summary><c>not_authentic</c> or <c>refused</c>; absent when accepted.</summary>
    public string? Rejection { get; init; }

    public required string Summary { get; init; }

    public required IReadOnlyList<CheckView> Checks { get; init; }

    public required IReadOnlyList<WarningView> Warnings { get; init; }

    /// <summary>Why an authentic guest is refused, in words; absent when there is nothing to say.</summary>
    public IReadOnlyList<CauseView>? Explanation { get; init; }

    /// <summary>Fields that may be believed.</summary>
    public ReportView? Report { get; init; }

    /// <summary>Fields of a report that is not authentic: for diagnosis only.</summary>
    public ReportView? UnverifiedReport { get; init; }

    public EndorsementView? Endorsement { get; init; }

    public MatchedReferenceView? Reference { get; init; }

    public BoundView? Bound { get; init; }

    public required string EvidenceId { get; init; }

    public DateTimeOffset? JudgeTime { get; init; }

    public required string Policy { get; init; }

    /// <summary>Version of the stored policy; absent for one that is not stored.</summary>
    public long? PolicyVersion { get; init; }

    /// <summary>SHA-256 of the policy's document, in hexadecimal; absent when an older service does not tell.</summary>
    public string? PolicySha256 { get; init; }

    /// <summary>What the report shows of AMD's security bulletins; absent when it is not authentic.</summary>
    public IReadOnlyList<AdvisoryView>? Advisories { get; init; }

    public required IReadOnlyList<string> NotCovered { get; init; }

    /// <summary>The signed result, where one was asked for and holds.</summary>
    public ResultView? Result { get; init; }

    [JsonIgnore]
    public bool IsAccepted => Outcome == Accepted;

    [JsonIgnore]
    public ExitCode ExitCode => (Outcome, Rejection) switch
    {
        (Accepted, null) => ExitCode.Success,
        (_, Refused) => ExitCode.Refused,
        _ => ExitCode.NotAuthentic,
    };
}

/// <summary>One check: <c>passed</c>, <c>failed</c>, <c>not_required</c> or <c>not_evaluated</c>.</summary>
internal sealed record CheckView(string Id, string Status, string? Expected, string? Actual, string? Detail)
{
    public const string Passed = "passed";
    public const string Failed = "failed";
    public const string NotRequired = "not_required";
    public const string NotEvaluated = "not_evaluated";
}

internal sealed record WarningView(string Id, string Text);

/// <summary>One security bulletin: <c>up_to_date</c>, <c>out_of_date</c> or <c>unknown</c>.</summary>
internal sealed record AdvisoryView(string Id, string? Name, string Status, string Detail)
{
    public const string UpToDate = "up_to_date";
    public const string OutOfDate = "out_of_date";
    public const string Unknown = "unknown";
}

/// <summary>One reason of a refusal; <c>referenceValue</c> names what it is about.</summary>
internal sealed record CauseView(string Id, string Text, string? ReferenceValue);

/// <summary>The certificate that endorses the report's key. Digests in hexadecimal.</summary>
internal sealed record EndorsementView(
    string Kind, string? Product, string CertificateSha256, string PublicKeySha256, string? CspId, string RootSha256, bool UnsafeExtraRoot);

internal sealed record MatchedReferenceView(string Name, string Image, string Version, string Kind, string? Profile, bool Deprecated, bool BySigner);

/// <summary>What REPORT_DATA was shown to bind. Bytes in hexadecimal.</summary>
internal sealed record BoundView(string Scheme, string ReportData, IReadOnlyList<string> Parts);
