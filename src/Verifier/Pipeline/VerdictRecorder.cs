using SevSnp.Checks;
using SevSnp.Judgement;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Pipeline;

/// <summary>Counts and logs verdicts: closed words and digests only, nothing that a caller or guest wrote (T104, T105, T112).</summary>
internal sealed class VerdictRecorder(VerifierMetrics metrics, ILogger<VerdictRecorder> logger)
{
    public void Record(string tenant, AttestationVerdict verdict)
    {
        string outcome = verdict.Accepted ? "accepted" : verdict.Rejection == RejectionKind.Refused ? "refused" : "not_authentic";
        string reason = verdict.Checks.FirstOrDefault(c => c.Status == CheckStatus.Failed)?.Id.WireName() ?? "none";
        metrics.Verdict(outcome, reason);
        PipelineLog.Verdict(
            logger,
            outcome,
            reason,
            verdict.EvidenceId.ToString(),
            tenant,
            verdict.Product.ToString(),
            verdict.Reference?.Value.Name ?? "none",
            verdict.Endorsement?.IsUnsafeExtraRoot ?? false);
    }
}
