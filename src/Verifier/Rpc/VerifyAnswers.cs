using Verifier.Contracts.V1;
using Verifier.Service.Admission;
using Verifier.Service.Log;
using Verifier.Service.Pipeline;
using Verifier.Service.Rpc.Mapping;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Rpc;

/// <summary>The answer to one question, whether it comes alone or in a stream.</summary>
internal sealed class VerifyAnswers(VerificationPipeline pipeline, LogReader log, LogMapping proofs, Stages stages)
{
    public async Task<VerifyResponse> OfAsync(VerifyRequest request, string caller, TimeSpan? patience, Place place, CancellationToken cancellation)
    {
        VerificationQuery query = Read(request) with { Caller = caller, Patience = patience, Place = place };
        ExplainedVerdict? verdict = await pipeline.RunAsync(query, cancellation);
        VerifyResponse response = verdict is null ? throw VerifyMapping.BindingRequired() : VerdictMapping.ToProto(verdict);
        if (request.IncludeProof && verdict.LogLeaf is { } leaf && await log.ProveAsync(query.Tenant, leaf, cancellation) is { } proven)
        {
            response.LogProof = proofs.ToProto(proven);
        }

        return response;
    }

    private VerificationQuery Read(VerifyRequest request)
    {
        using Stages.Stage stage = stages.Begin(Stages.Parse);
        return VerifyMapping.Read(request);
    }
}
