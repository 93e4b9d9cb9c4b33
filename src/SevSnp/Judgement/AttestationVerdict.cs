using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using SevSnp.Reports;

namespace SevSnp.Judgement;

/// <summary>What kind of refusal a verdict is.</summary>
public enum RejectionKind
{
    /// <summary>The evidence is not shown to come from genuine AMD hardware.</summary>
    NotAuthentic = 0,

    /// <summary>The evidence is authentic, and policy or registry refuse it.</summary>
    Refused = 1,

    /// <summary>Not refused.</summary>
    None = 2,
}

/// <summary>Something a reader should know although it did not decide.</summary>
/// <param name="Id">Stable name, for example <c>NO_TCB_FLOOR</c>.</param>
/// <param name="Text">One sentence.</param>
public sealed record Warning(string Id, string Text);

/// <summary>The reference value that matched, and which of its measurements did.</summary>
/// <param name="Value">The reference value.</param>
/// <param name="Measurement">The measurement.</param>
public sealed record MatchedReference(ReferenceValue Value, ReferenceMeasurement Measurement);

/// <summary>A finished decision. Accepted only when every check of the table is there exactly once and holds.</summary>
public sealed class AttestationVerdict
{
    internal AttestationVerdict()
    {
    }

    /// <summary>The decision.</summary>
    public bool Accepted => throw new NotSupportedException();

    /// <summary>What kind of refusal it is.</summary>
    public RejectionKind Rejection => throw new NotSupportedException();

    /// <summary>Every check exactly once, in the order of the list.</summary>
    public IReadOnlyList<CheckResult> Checks => throw new NotSupportedException();

    /// <summary>What did not decide but should be known.</summary>
    public IReadOnlyList<Warning> Warnings => throw new NotSupportedException();

    /// <summary>The report, authentic or not: see <see cref="IsReportAuthentic"/>.</summary>
    public AttestationReport Report => throw new NotSupportedException();

    /// <summary>True when the report's signature and chain held, so that its fields may be believed.</summary>
    public bool IsReportAuthentic => throw new NotSupportedException();

    /// <summary>The four TCB versions, or null when the product is not known.</summary>
    public TcbVersions? Tcbs => throw new NotSupportedException();

    /// <summary>The product line, or unknown.</summary>
    public ProductLine Product => throw new NotSupportedException();

    /// <summary>The verified chain, or null.</summary>
    public EndorsementKey? Endorsement => throw new NotSupportedException();

    /// <summary>The reference value that matched; null unless one did.</summary>
    public MatchedReference? Reference => throw new NotSupportedException();

    /// <summary>What REPORT_DATA was shown to bind; null when the binding was not demanded or did not hold.</summary>
    public ReportDataBinding? Bound => throw new NotSupportedException();

    /// <summary>Identity of the evidence.</summary>
    public Digest384 EvidenceId => Report.EvidenceId;

    /// <summary>The time of judging.</summary>
    public DateTimeOffset JudgedAt => throw new NotSupportedException();

    /// <summary>Name of the policy in force.</summary>
    public string PolicyName => throw new NotSupportedException();

    /// <summary>Threats that no verifier can see.</summary>
    public IReadOnlyList<string> NotCovered => throw new NotSupportedException();

    /// <summary>One sentence for a reader.</summary>
    public string Summary => throw new NotSupportedException();
}
