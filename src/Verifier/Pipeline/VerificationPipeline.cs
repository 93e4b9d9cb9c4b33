using Microsoft.Extensions.Options;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Policies;
using SevSnp.References;
using SevSnp.Verification;
using Verifier.Service.Challenges;
using Verifier.Service.Documents;
using Verifier.Service.Health;
using Verifier.Service.Identity.Tenants;
using Verifier.Service.Kds;
using Verifier.Service.Log;
using Verifier.Service.Policies;
using Verifier.Service.Registry;
using Verifier.Service.Telemetry;
using Verifier.Service.Tokens;
using Verifier.Service.Usage;

namespace Verifier.Service.Pipeline;

/// <summary>
/// One verification: gather, then judge. Everything that can be refused without leaving the machine is refused first; the registry is
/// asked while certificates are gathered and signatures checked; judging itself awaits nothing. What explains a refusal is asked for
/// once the verdict stands.
/// </summary>
internal sealed class VerificationPipeline(
    ICertificateSource certificates,
    MeasurementReader measurements,
    ILogGuard guard,
    TrustRoots roots,
    VerifiedCertificates known,
    TenantReader tenants,
    Moments moments,
    IOptions<CryptoOptions> crypto,
    IPolicyProvider policies,
    IChallengeStore challenges,
    VerdictRecorder recorder,
    UsageCounter usage,
    ExplanationSource explanations,
    ResultTokens tokens,
    DependencyHealth health,
    Stages stages,
    ChallengeMetrics challengeUse,
    TimeProvider clock)
{
    // What is older may have missed a revocation, or a policy, that was acknowledged while AMD's key service was waited for.
    private static readonly TimeSpan OldestLookup = TimeSpan.FromMilliseconds(500);

    // What is decided later than this after its look-up is not said: a process may have been stopped in between, for any time.
    private static readonly TimeSpan OldestDecision = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan LongestTelling = TimeSpan.FromMilliseconds(100);
    private const int MaxLookups = 3;

    /// <summary>Judges, or gives null when the policy demands a binding and the query has none.</summary>
    /// <exception cref="NotReadyException">The self-test has not passed.</exception>
    /// <exception cref="TokensOffException">A signed result is asked for, and none can be made.</exception>
    /// <exception cref="ExpectationNotAdmittedException">The policy does not let a request state what this one states.</exception>
    public async Task<ExplainedVerdict?> RunAsync(VerificationQuery query, CancellationToken cancellation)
    {
        DemandSelfTest();
        long start = clock.GetTimestamp();

        // Not since the call began: it may have waited for its place, and how old what was found may become is counted from here.
        Moment now = moments.Now();
        using CancellationTokenSource lookupEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bool isHopeless = EvidenceGates.IsRefusedByItself(query, roots, clock.GetUtcNow());
        Task<MeasurementEntry>? lookup = isHopeless || query.Expectations.Binding is null ? null : FindAsync(query, now, lookupEnd.Token);
        try
        {
            TenantDocuments documents = await DocumentsAsync(query, query.Since ?? now, cancellation);
            AppraisalPolicy policy = policies.Of(documents, query.Tenant);
            if (query.Expectations.Binding is null && !policy.UnsafeAllowUnboundReport)
            {
                return null;
            }

            lookup ??= isHopeless ? null : FindAsync(query, now, lookupEnd.Token);

            // Of the measurement something may be told that began to be read a little before.
            long earliest = start - (long)(moments.Age.TotalSeconds * clock.TimestampFrequency);
            Beginning began = new(start, Math.Min(earliest, documents.BeganAt), documents.LogPosition);
            return await JudgeAsync(query, documents, policy, lookup, began, cancellation);
        }
        finally
        {
            await lookupEnd.CancelAsync();
            await ((Task?)lookup ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ExplainedVerdict> JudgeAsync(
        VerificationQuery query, TenantDocuments documents, AppraisalPolicy policy, Task<MeasurementEntry>? lookup, Beginning began, CancellationToken cancellation)
    {
        DemandAdmitted(query, policy);

        // Whatever a result needs is demanded now: a challenge that was used up for a verdict gets one.
        TokenSettings? wanted = null;
        if (query.Result is not null)
        {
            tokens.DemandKey();
            wanted = new TokenSettings(IncludeChipId: TenantDirectory.Of(documents.Settings, query.Tenant) is { IncludeChipId: true });
        }

        MeasurementRecords records = Unasked(query);
        MeasurementEntry? found = null;
        AttestationVerdict verdict;
        long asked = began.Asked;
        if (lookup is null)
        {
            verdict = Decide(query, policy, new Evidence(query.Report, query.Certificates), records);
        }
        else
        {
            (verdict, records, found, asked) = await GatherAndDecideAsync(query, policy, lookup, began, cancellation);
        }

        recorder.Record(query.Tenant, verdict, clock.GetElapsedTime(began.Timestamp));
        usage.Count(query.Tenant, query.Caller, verdict);
        ExplainedVerdict explained = new(verdict, await explanations.OfAsync(query.Tenant, verdict, records, cancellation))
        {
            ResultToken = wanted is null ? null : Token(query, verdict, wanted),
            LogLeaf = LeafOf(verdict, found),
            AskedAt = asked,
        };
        DemandFresh(explained);
        return explained;
    }

    /// <summary>
    /// To be asked last, with the answer at hand: what came between may have taken its time, and the process may have been stopped since the
    /// decision.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It is an acceptance that is too old to be told.</exception>
    public void DemandFresh(ExplainedVerdict explained)
    {
        if (explained.Verdict.Accepted && clock.GetElapsedTime(explained.AskedAt) > OldestDecision + LongestTelling)
        {
            throw TooOld();
        }
    }

    /// <summary>
    /// Tells whether a report comes from genuine hardware, whatever policy and registry would say of it: null, or the check that failed.
    /// </summary>
    /// <exception cref="NotReadyException">The self-test has not passed.</exception>
    public async Task<CheckResult?> FindFaultAsync(VerificationQuery query, CancellationToken cancellation)
    {
        DemandSelfTest();
        AppraisalPolicy policy = await policies.OfAsync(query.Tenant, cancellation);
        Evidence evidence = EvidenceGates.IsRefusedByItself(query, roots, clock.GetUtcNow())
            ? new Evidence(query.Report, query.Certificates)
            : await query.Place.FarOutsideAsync(certificates.CompleteAsync(query.Report, query.Certificates, policy.WantsRevocationList(), query.Asker, cancellation), cancellation);
        AttestationVerdict verdict = Decide(query, policy, evidence, Unasked(query));
        CheckResult? failed = verdict.Checks.FirstOrDefault(c => c.Status == CheckStatus.Failed && c.Id <= CheckId.ChipIdMatchesCertificate);
        return verdict.IsReportAuthentic ? failed : failed ?? verdict.Checks[0];
    }

    // Never for a report that nothing ties to the question.
    private string? Token(VerificationQuery query, AttestationVerdict verdict, TokenSettings wanted)
    {
        using Stages.Stage stage = stages.Begin(Stages.Token);
        return query is { Result: { } wish, Expectations.Binding: { } binding } ? tokens.Make(verdict, binding, wish, wanted) : null;
    }

    private async Task<(AttestationVerdict Verdict, MeasurementRecords Records, MeasurementEntry? Found, long Asked)> GatherAndDecideAsync(
        VerificationQuery query, AppraisalPolicy policy, Task<MeasurementEntry> lookup, Beginning began, CancellationToken cancellation)
    {
        Evidence evidence;
        using (stages.Begin(Stages.Kds))
        {
            evidence = await query.Place.FarOutsideAsync(certificates.CompleteAsync(query.Report, query.Certificates, policy.WantsRevocationList(), query.Asker, cancellation), cancellation);
        }

        DateTimeOffset at = clock.GetUtcNow();
        Authentication authentication = Authenticate(evidence, at);

        // What the registry knows says nothing of a report that is not authentic; its absence must not hide that.
        bool isOld = clock.GetElapsedTime(began.Asked) > OldestLookup;
        long asked = isOld ? clock.GetTimestamp() : began.Asked;
        MeasurementEntry? found = authentication.Verified is null ? null : await AgreedAsync(await query.Place.OutsideAsync(isOld ? FindAnewAsync(query, cancellation) : lookup, cancellation));
        MeasurementRecords records = found?.ToRecords() ?? Unasked(query);

        // The policy was held against the log as it was known at first. With the look-up it may have become another one.
        AppraisalPolicy fresh = isOld || guard.PositionOf(query.Tenant) != began.LogPosition ? await PolicyAsync(query, cancellation) : policy;
        DemandAdmitted(query, fresh);

        // The last thing that is waited for: what was used up for a verdict gets one.
        Expectations expectations = await SpendChallengeAsync(query, authentication, cancellation);
        for (int looked = 1; found is not null && clock.GetElapsedTime(asked) > OldestDecision; looked++)
        {
            if (looked == MaxLookups)
            {
                throw TooOld();
            }

            // The policy may have been tightened as the measurement may have been revoked.
            asked = clock.GetTimestamp();
            found = await AgreedAsync(await query.Place.OutsideAsync(FindAnewAsync(query, cancellation), cancellation));
            records = found.ToRecords();
            fresh = await PolicyAsync(query, cancellation);
            DemandAdmitted(query, fresh);
        }

        return (Judged(authentication, fresh, expectations, records, at), records, found, asked);

        // Nothing older or other than what the log says last is judged by.
        Task<MeasurementEntry> AgreedAsync(MeasurementEntry entry) => guard.AgreedAsync(query.Tenant, entry, () => FindAnewAsync(query, cancellation), cancellation);
    }

    private static StoreUnavailableException TooOld() =>
        new("What the registry told was too old when it was to be judged by: the store, or this service, is too slow.");

    // As it is from now on: what was found before is too old, or another one than the log tells of.
    private Task<MeasurementEntry> FindAnewAsync(VerificationQuery query, CancellationToken end) => FindAsync(query, moments.Anew(), end);

    private async Task<MeasurementEntry> FindAsync(VerificationQuery query, Moment call, CancellationToken end)
    {
        using Stages.Stage stage = stages.Begin(Stages.Registry);
        return await measurements.FindAsync(query.Tenant, query.Report.Measurement, query.Report.IdBlockSigners, call, end);
    }

    private static void DemandAdmitted(VerificationQuery query, AppraisalPolicy policy)
    {
        if (policy.NotAdmitted(query.Expectations) is { Count: > 0 } refused)
        {
            throw new ExpectationNotAdmittedException(refused);
        }
    }

    /// <summary>
    /// Uses the challenge up once signature and REPORT_DATA held, whatever the policy will say: it goes by its own bytes, so that the other
    /// form of the same signature finds it used (T09), and nobody without an authentic report can use it up.
    /// </summary>
    private async Task<Expectations> SpendChallengeAsync(VerificationQuery query, Authentication authentication, CancellationToken cancellation)
    {
        if (authentication.Verified is not { } verified || query.Expectations.Binding is not { Challenge: { } challenge } binding || !binding.Matches(verified.Report.ReportData))
        {
            return query.Expectations;
        }

        using Stages.Stage stage = stages.Begin(Stages.Challenge);
        bool isSpent = await query.Place.OutsideAsync(challenges.TrySpendAsync(query.Tenant, challenge.Span.ToArray(), cancellation), cancellation);
        challengeUse.Count(isSpent ? ChallengeMetrics.Spent : ChallengeMetrics.Dead);
        return query.Expectations with { ChallengeIsSpent = isSpent };
    }

    // Asked here and not by a method, so that none that judges can forget it.
    private void DemandSelfTest()
    {
        if (!health.IsSelfTested)
        {
            throw new NotReadyException();
        }
    }

    private AttestationVerdict Decide(VerificationQuery query, AppraisalPolicy policy, Evidence evidence, MeasurementRecords records)
    {
        DateTimeOffset at = clock.GetUtcNow();
        return Judged(Authenticate(evidence, at), policy, query.Expectations, records, at);
    }

    private Authentication Authenticate(Evidence evidence, DateTimeOffset at)
    {
        using Stages.Stage stage = stages.Begin(Stages.Signature);
        Authentication authentication = Authenticator.Authenticate(evidence, roots, at, crypto.Value.Engine);
        if (authentication.Verified is { } verified)
        {
            known.Keep(verified.Endorsement, evidence.Certificates);
        }

        return authentication;
    }

    private AttestationVerdict Judged(
        Authentication authentication, AppraisalPolicy policy, Expectations expectations, MeasurementRecords records, DateTimeOffset at)
    {
        using Stages.Stage stage = stages.Begin(Stages.Judge);
        return Judge.Decide(authentication, policy, expectations, records, at);
    }

    // As it is from now on.
    private async Task<AppraisalPolicy> PolicyAsync(VerificationQuery query, CancellationToken cancellation) =>
        policies.Of(await DocumentsAsync(query, moments.Anew(), cancellation), query.Tenant);

    private async Task<TenantDocuments> DocumentsAsync(VerificationQuery query, Moment call, CancellationToken cancellation)
    {
        using Stages.Stage stage = stages.Begin(Stages.Policy);
        return await tenants.ReadAsync(query.Tenant, call, cancellation);
    }

    private long? LeafOf(AttestationVerdict verdict, MeasurementEntry? found) =>
        verdict.Reference is { } match && found?.Values.Concat(found.OfSigners).FirstOrDefault(v => v.Value.Name == match.Value.Name) is { } stored ? guard.LeafOf(stored) : null;

    /// <summary>How a question began.</summary>
    /// <param name="Timestamp">When.</param>
    /// <param name="Asked">When the oldest began of what was read for it.</param>
    /// <param name="LogPosition">How far its tenant's log was known then.</param>
    private readonly record struct Beginning(long Timestamp, long Asked, long LogPosition);

    private static MeasurementRecords Unasked(VerificationQuery query) => MeasurementRecords.Empty(query.Report.Measurement);
}
