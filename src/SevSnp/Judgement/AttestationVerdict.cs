using SevSnp.Advisories;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using SevSnp.Reports;
using SevSnp.Verification;

namespace SevSnp.Judgement;

/// <summary>Something a reader should know although it did not decide.</summary>
/// <param name="Id">Stable name, for example <c>NO_TCB_FLOOR</c>.</param>
/// <param name="Text">One sentence.</param>
public sealed record Warning(string Id, string Text);

/// <summary>The reference value that matched, and which of its measurements did.</summary>
/// <param name="Value">The reference value.</param>
/// <param name="Measurement">The measurement; null when the value accepts by signer.</param>
public sealed record MatchedReference(ReferenceValue Value, ReferenceMeasurement? Measurement);

/// <summary>
/// A finished decision, made by <see cref="Judge"/> alone. Accepted only when every check of <see cref="CheckTable"/> is there
/// exactly once and holds; there is no flag that could say otherwise.
/// </summary>
public sealed class AttestationVerdict
{
    internal AttestationVerdict(Authentication authentication, bool isAuthentic, CheckResult[] checks, PolicyIdentity policy, DateTimeOffset at)
    {
        Report = authentication.Verified?.Report ?? authentication.Report;
        Endorsement = authentication.Verified?.Endorsement ?? authentication.Endorsement;
        Product = Endorsement?.Product ?? Report.CpuProduct;
        Tcbs = authentication.Verified?.Tcbs ?? Decoded(Report, Product);
        IsReportAuthentic = isAuthentic;
        Checks = Array.AsReadOnly(checks);
        Accepted = isAuthentic && CheckTable.Holds(checks);
        Policy = policy;
        JudgedAt = at;
    }

    /// <summary>The decision.</summary>
    public bool Accepted { get; }

    /// <summary>What kind of refusal it is.</summary>
    public RejectionKind Rejection => this switch
    {
        { Accepted: true } => RejectionKind.None,
        { IsReportAuthentic: true } => RejectionKind.Refused,
        _ => RejectionKind.NotAuthentic,
    };

    /// <summary>Every check exactly once, in the order of the list.</summary>
    public IReadOnlyList<CheckResult> Checks { get; }

    /// <summary>What did not decide but should be known.</summary>
    public IReadOnlyList<Warning> Warnings { get; internal init; } = [];

    /// <summary>The report, authentic or not: see <see cref="IsReportAuthentic"/>.</summary>
    public AttestationReport Report { get; }

    /// <summary>True when the report's signature and chain held and the certificate is the report's, so that its fields may be believed.</summary>
    public bool IsReportAuthentic { get; }

    /// <summary>The four TCB versions, or null when the product is not known.</summary>
    public TcbVersions? Tcbs { get; }

    /// <summary>The product line, or unknown.</summary>
    public ProductLine Product { get; }

    /// <summary>The verified chain, or null.</summary>
    public EndorsementKey? Endorsement { get; }

    /// <summary>The reference value that matched; null unless one did.</summary>
    public MatchedReference? Reference { get; internal init; }

    /// <summary>What REPORT_DATA was shown to bind; null when the binding was not demanded or did not hold.</summary>
    public ReportDataBinding? Bound { get; internal init; }

    /// <summary>True when the launch measurement is revoked, or what trusted its signer is.</summary>
    public bool IsMeasurementRevoked { get; internal init; }

    /// <summary>Every set of constraints that it was judged by: of policy, request and reference value.</summary>
    internal IReadOnlyList<Constraints> Demanded { get; init; } = [];

    /// <summary>Identity of the evidence.</summary>
    public Digest384 EvidenceId => Report.EvidenceId;

    /// <summary>The time of judging.</summary>
    public DateTimeOffset JudgedAt { get; }

    /// <summary>Which policy was in force.</summary>
    public PolicyIdentity Policy { get; }

    /// <summary>Name of the policy in force.</summary>
    public string PolicyName => Policy.Name;

    /// <summary>What the report says of each security bulletin; empty when it is not authentic.</summary>
    public IReadOnlyList<AdvisoryFinding> Advisories { get; internal init; } = [];

    /// <summary>Threats that no verifier can see.</summary>
    public IReadOnlyList<string> NotCovered { get; } = Judgement.NotCovered.Threats;

    /// <summary>One sentence for a reader.</summary>
    public string Summary => VerdictSummary.Of(this);

    private static TcbVersions? Decoded(AttestationReport report, ProductLine product) =>
        product != ProductLine.Unknown && report.TryDecodeTcbs(product.TcbLayout(), out TcbVersions tcbs, out _) ? tcbs : null;
}
