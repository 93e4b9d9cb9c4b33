using SevSnp.Certificates;
using Verifier.Contracts.V1;
using Verifier.Service.Admission;
using Verifier.Service.Documents;
using Verifier.Service.Log;
using Verifier.Service.Pipeline;
using Verifier.Service.Rpc.Mapping;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Rpc;

/// <summary>How a question is asked.</summary>
/// <param name="Caller">Who asks, for counts and fair shares.</param>
/// <param name="Patience">What is left of the deadline; null when there is none.</param>
/// <param name="Place">Where the work is done.</param>
/// <param name="Since">When the call began; null: all is read anew.</param>
internal sealed record Asking(string Caller, TimeSpan? Patience, Place Place, Moment? Since);

/// <summary>The answer to one question, whether it comes alone or in a stream.</summary>
internal sealed class VerifyAnswers(VerificationPipeline pipeline, VerifiedCertificates known, LogReader log, LogMapping proofs, Stages stages)
{
    public async Task<VerifyResponse> OfAsync(VerifyRequest request, Asking asking, CancellationToken cancellation)
    {
        VerificationQuery query = Read(request) with { Caller = asking.Caller, Patience = asking.Patience, Place = asking.Place, Since = asking.Since };
        ExplainedVerdict? verdict = await pipeline.RunAsync(query, cancellation);
        VerifyResponse response = verdict is null ? throw VerifyMapping.BindingRequired() : VerdictMapping.ToProto(verdict);
        if (request.IncludeProof && verdict.LogLeaf is { } leaf && await log.ProveAsync(query.Tenant, leaf, cancellation) is { } proven)
        {
            response.LogProof = proofs.ToProto(proven);
        }

        pipeline.DemandFresh(verdict);

        return response;
    }

    private VerificationQuery Read(VerifyRequest request)
    {
        using Stages.Stage stage = stages.Begin(Stages.Parse);
        return VerifyMapping.Read(request, known);
    }
}
