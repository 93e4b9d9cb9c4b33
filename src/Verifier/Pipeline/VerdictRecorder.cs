using SevSnp.Checks;
using SevSnp.Judgement;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Pipeline;

/// <summary>Counts and logs verdicts: closed words and digests only, nothing that a caller or guest wrote (T104, T105, T112).</summary>
internal sealed class VerdictRecorder(VerdictMetrics metrics, ILogger<VerdictRecorder> logger)
{
    public void Record(string tenant, AttestationVerdict verdict, TimeSpan duration)
    {
        string outcome = verdict.Accepted ? "accepted" : verdict.Rejection == RejectionKind.Refused ? "refused" : "not_authentic";
        string reason = verdict.Checks.FirstOrDefault(c => c.Status == CheckStatus.Failed)?.Id.WireName() ?? "none";
        string evidenceId = verdict.EvidenceId.ToString();
        metrics.Verdict(tenant, outcome, reason);
        Stages.Decided(outcome, reason, evidenceId);
        PipelineLog.Verdict(
            logger,
            outcome,
            reason,
            evidenceId,
            tenant,
            verdict.Policy.ToString(),
            verdict.Product.ToString(),
            verdict.Reference?.Value.Name ?? "none",
            verdict.Endorsement?.IsUnsafeExtraRoot ?? false,
            Math.Round(duration.TotalMilliseconds, 1));
    }
}
