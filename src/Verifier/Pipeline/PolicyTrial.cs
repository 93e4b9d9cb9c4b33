using Microsoft.Extensions.Options;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Policies;
using SevSnp.References;
using SevSnp.Verification;
using Verifier.Service.Health;
using Verifier.Service.Kds;
using Verifier.Service.Policies;
using Verifier.Service.Registry;

namespace Verifier.Service.Pipeline;

/// <summary>How the policy in force and a draft judge the same evidence at the same time.</summary>
internal sealed record TrialOutcome(AttestationVerdict Current, AttestationVerdict Draft)
{
    public IEnumerable<string> DifferingChecks =>
        Current.Checks.Zip(Draft.Checks).Where(pair => pair.First.Status != pair.Second.Status).Select(pair => pair.First.Id.WireName());
}

/// <summary>A dry run: gathers as for a question, judges twice, leaves no trace in verdicts' figures, and uses up nothing.</summary>
internal sealed class PolicyTrial(
    ICertificateSource certificates,
    IReferenceValueStore store,
    TrustRoots roots,
    IOptions<CryptoOptions> crypto,
    IPolicyProvider policies,
    DependencyHealth health,
    TimeProvider clock)
{
    /// <exception cref="NotReadyException">The self-test has not passed.</exception>
    public async Task<TrialOutcome> RunAsync(VerificationQuery query, AppraisalPolicy draft, CancellationToken cancellation)
    {
        if (!health.IsSelfTested)
        {
            throw new NotReadyException();
        }

        AppraisalPolicy current = await policies.OfAsync(query.Tenant, cancellation);
        bool isListWanted = current.WantsRevocationList() is not null || draft.WantsRevocationList() is not null;
        Evidence evidence = EvidenceGates.IsRefusedByItself(query, roots, clock.GetUtcNow())
            ? new Evidence(query.Report, query.Certificates)
            : await query.Place.FarOutsideAsync(certificates.CompleteAsync(query.Report, query.Certificates, isListWanted ? RevocationRule.Preferred : null, query.Asker, cancellation), cancellation);
        DateTimeOffset at = clock.GetUtcNow();
        Authentication authentication = Authenticator.Authenticate(evidence, roots, at, crypto.Value.Engine);
        MeasurementRecords records = authentication.Verified is null
            ? MeasurementRecords.Empty(query.Report.Measurement)
            : (await store.FindAsync(query.Tenant, query.Report.Measurement, query.Report.IdBlockSigners, cancellation)).ToRecords();
        return new TrialOutcome(
            Judge.Decide(authentication, current, query.Expectations, records, at), Judge.Decide(authentication, draft, query.Expectations, records, at));
    }
}
