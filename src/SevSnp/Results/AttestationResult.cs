using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Policies;
using SevSnp.Primitives;

namespace SevSnp.Results;

/// <summary>
/// A finished verdict as the claims of an attestation result (EAR, AR4SI), ready to be encoded and signed. Made only for a question that
/// said what REPORT_DATA must be: a result about a report that nothing ties to a question could be handed on for any guest.
/// </summary>
public sealed class AttestationResult
{
    private AttestationResult(AttestationVerdict verdict, ReportDataBinding asked)
    {
        Vector = TrustAppraisal.VectorOf(verdict);
        Status = TrustAppraisal.StatusOf(verdict, Vector);
        Accepted = verdict.Accepted;
        Rejection = verdict.Rejection;
        FailedChecks = [.. verdict.Checks.Where(check => check.Status == CheckStatus.Failed).Select(check => check.Id)];
        Warnings = [.. verdict.Warnings.Select(warning => warning.Id)];
        Policy = verdict.Policy;
        EvidenceId = verdict.EvidenceId;
        JudgedAt = verdict.JudgedAt;
        Evidence = EvidenceClaims.Of(verdict);
        Reference = Evidence is null ? null : verdict.Reference;
        Scheme = asked.Scheme;
        Nonce = ResultNonce.Of(asked);
        IsBound = Evidence is not null && verdict.Bound is not null;
        AttestedKey = Accepted && verdict.Bound is { } bound ? Results.AttestedKey.Of(bound) : null;
    }

    /// <summary>The tier of the whole: the worst of <see cref="Vector"/>, and never affirming unless <see cref="Accepted"/>.</summary>
    public TrustTier Status { get; }

    /// <summary>The single claims.</summary>
    public TrustworthinessVector Vector { get; }

    /// <summary>The decision. An accepted guest may still have a status that is not affirming, where the policy loosens something.</summary>
    public bool Accepted { get; }

    /// <summary>What kind of refusal it is.</summary>
    public RejectionKind Rejection { get; }

    /// <summary>The checks that failed, in the order of the list.</summary>
    public IReadOnlyList<CheckId> FailedChecks { get; }

    /// <summary>The ids of the verdict's warnings.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Name of the policy in force.</summary>
    public string PolicyName => Policy.Name;

    /// <summary>Which policy was in force, with version and hash.</summary>
    public PolicyIdentity Policy { get; }

    /// <summary>Identity of the evidence: SHA-384 of its signed bytes.</summary>
    public Digest384 EvidenceId { get; }

    /// <summary>The time of judging.</summary>
    public DateTimeOffset JudgedAt { get; }

    /// <summary>What the report states; null unless it is authentic.</summary>
    public EvidenceClaims? Evidence { get; }

    /// <summary>The reference value that matched; null unless one did.</summary>
    public MatchedReference? Reference { get; }

    /// <summary>The scheme by which the question bound REPORT_DATA.</summary>
    public string Scheme { get; }

    /// <summary>
    /// The nonce of the question, 9 to 64 bytes: it ties the result to the question, whether the report held it or not. Null when the
    /// scheme carries none, or one of a length that an attestation result cannot carry.
    /// </summary>
    public HexBytes? Nonce { get; }

    /// <summary>True when an authentic report has the REPORT_DATA that the question demanded.</summary>
    public bool IsBound { get; }

    /// <summary>The guest's key that REPORT_DATA was shown to bind, as DER of its SubjectPublicKeyInfo. Null unless accepted.</summary>
    public HexBytes? AttestedKey { get; }

    /// <summary>Makes the claims.</summary>
    /// <param name="verdict">The finished verdict.</param>
    /// <param name="asked">What the question demanded of REPORT_DATA.</param>
    /// <returns>The claims.</returns>
    public static AttestationResult Of(AttestationVerdict verdict, ReportDataBinding asked)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(asked);
        return new AttestationResult(verdict, asked);
    }
}
