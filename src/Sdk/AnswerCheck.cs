using System.Security.Cryptography;
using Verifier.Contracts.V1;
using Status = Verifier.Contracts.V1.Check.Types.Status;

namespace Verifier.Sdk;

/// <summary>
/// Whether an answer accepts this guest for this challenge. One value means yes; whatever is absent, unknown or of another question is a no
/// (T65, T66).
/// </summary>
internal static class AnswerCheck
{
    private const int ReportSize = 1184;
    private const int SignedSize = 0x2A0;

    // Without these the verdict would not speak of the challenge.
    private static readonly string[] Needed = ["REPORT_DATA_MATCHES_BINDING", "EVIDENCE_IS_FRESH", "EVIDENCE_IS_NOT_REPLAYED"];

    public static VerifiedGuest Demand(VerifyResponse? response, GuestChallenge challenge, GuestEvidence evidence)
    {
        AttestationVerdict? verdict = response?.Verdict;
        if (verdict?.Outcome != AttestationVerdict.Types.Outcome.Accepted)
        {
            throw new GuestRefusedException(verdict is { Summary.Length: > 0 } ? verdict.Summary : "The answer accepts nothing.", verdict);
        }

        return Contradiction(verdict, challenge, evidence) is { } fault
            ? throw new GuestRefusedException($"The answer is not one to this question: {fault}.", verdict)
            : new VerifiedGuest(response!, challenge, evidence);
    }

    private static string? Contradiction(AttestationVerdict verdict, GuestChallenge challenge, GuestEvidence evidence) => verdict switch
    {
        { Rejection: not AttestationVerdict.Types.Rejection.Unspecified } => "it accepts and refuses",
        _ when verdict.Checks.Any(c => c.Status is not (Status.Passed or Status.NotRequired)) => "it accepts although a check does not hold",
        _ when Needed.Any(id => verdict.Checks.Where(c => c.Id == id).ToArray() is not [{ Status: Status.Passed }]) => "it does not say that the challenge served",
        _ when !IsOf(verdict, evidence.Report.Span) => "it is about other evidence",
        { Bound: null } => "it says nothing of what REPORT_DATA binds",
        _ when !IsBound(verdict.Bound, challenge, evidence.Use) => "it is about another challenge, or another use of it",
        _ => null,
    };

    private static bool IsOf(AttestationVerdict verdict, ReadOnlySpan<byte> report) =>
        report.Length == ReportSize && verdict.EvidenceId.Span.SequenceEqual(SHA384.HashData(report[..SignedSize]));

    private static bool IsBound(BoundData bound, GuestChallenge challenge, ChallengeUse use)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> parts = use.Parts(challenge.Bytes);
        return bound.Scheme == use.Scheme
            && bound.ReportData.Span.SequenceEqual(use.ReportData(challenge.Bytes))
            && bound.Parts.Count == parts.Count
            && bound.Parts.Zip(parts).All(p => p.First.Span.SequenceEqual(p.Second.Span));
    }
}
