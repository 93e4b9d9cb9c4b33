using Verifier.Contracts.V1;
using Verifier.Service.Pipeline;
using Verifier.Service.Rpc.Mapping;

namespace Verifier.Service.Rpc;

/// <summary>The answer to one question, whether it comes alone or in a stream.</summary>
internal sealed class VerifyAnswers(VerificationPipeline pipeline)
{
    public async Task<VerifyResponse> OfAsync(VerifyRequest request, CancellationToken cancellation)
    {
        VerificationQuery query = VerifyMapping.Read(request);
        ExplainedVerdict? verdict = await pipeline.RunAsync(query, cancellation);
        return verdict is null ? throw VerifyMapping.BindingRequired() : VerdictMapping.ToProto(verdict);
    }
}
