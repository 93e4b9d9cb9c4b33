using Verifier.Contracts.V1;
using Verifier.Service.Log;
using Verifier.Service.Pipeline;
using Verifier.Service.Rpc.Mapping;

namespace Verifier.Service.Rpc;

/// <summary>The answer to one question, whether it comes alone or in a stream.</summary>
internal sealed class VerifyAnswers(VerificationPipeline pipeline, LogReader log, LogMapping proofs)
{
    public async Task<VerifyResponse> OfAsync(VerifyRequest request, string caller, CancellationToken cancellation)
    {
        VerificationQuery query = VerifyMapping.Read(request) with { Caller = caller };
        ExplainedVerdict? verdict = await pipeline.RunAsync(query, cancellation);
        VerifyResponse response = verdict is null ? throw VerifyMapping.BindingRequired() : VerdictMapping.ToProto(verdict);
        if (request.IncludeProof && verdict.LogLeaf is { } leaf && await log.ProveAsync(query.Tenant, leaf, cancellation) is { } proven)
        {
            response.LogProof = proofs.ToProto(proven);
        }

        return response;
    }
}
