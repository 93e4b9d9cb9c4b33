using SevSnp.Explanation;
using SevSnp.Judgement;
using SevSnp.References;
using Verifier.Service.Registry;

namespace Verifier.Service.Pipeline;

/// <summary>A verdict, and in words why it is no better. Only the verdict decides.</summary>
internal sealed record ExplainedVerdict(AttestationVerdict Verdict, IReadOnlyList<Cause> Explanation)
{
    /// <summary>The verdict as a signed result, where one was asked for.</summary>
    public string? ResultToken { get; init; }

    /// <summary>Index of the entry of the log that left the matched reference value as it was used.</summary>
    public long? LogLeaf { get; init; }

    /// <summary>When that was asked for which it was judged by, a timestamp of the clock. Left out, it is too old.</summary>
    public long AskedAt { get; init; }
}

/// <summary>Explains finished refusals from what the tenant's registry knows. Costs nothing for accepted guests and for evidence that is not authentic.</summary>
internal sealed class ExplanationSource(IReferenceValueStore store, ILogger<ExplanationSource> logger)
{
    public async Task<IReadOnlyList<Cause>> OfAsync(string tenant, AttestationVerdict verdict, MeasurementRecords records, CancellationToken cancellation) =>
        Explainer.Explain(verdict, records, Explainer.WantsNearVariants(verdict) ? await NearAsync(tenant, verdict, cancellation) : []);

    // The verdict stands and is given; that its explanation is incomplete is said in it.
    private async Task<IReadOnlyList<NearMatch>?> NearAsync(string tenant, AttestationVerdict verdict, CancellationToken cancellation)
    {
        try
        {
            return await store.FindNearAsync(tenant, verdict.Report.Measurement, cancellation);
        }
        catch (Exception e) when (e is StoreUnavailableException or StoreUnfitException)
        {
            PipelineLog.NearVariantsNotKnown(logger, e);
            return null;
        }
    }
}
