using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Challenges;
using Verifier.Service.Pipeline;
using Verifier.Service.Rpc.Mapping;

namespace Verifier.Service.Rpc;

/// <summary>The verifying half of the contract.</summary>
[BindServiceMethod(typeof(VerifyRpc), nameof(Bind))]
internal sealed class VerifyRpc(VerificationPipeline pipeline, ChallengeIssuer challenges) : VerifierService.VerifierServiceBase
{
    public static void Bind(ServiceBinderBase binder, VerifierService.VerifierServiceBase service) =>
        VerifierService.BindService(new StrictBinder(binder), service);

    public override async Task<VerifyResponse> Verify(VerifyRequest request, ServerCallContext context)
    {
        VerificationQuery query = VerifyMapping.Read(request);
        ExplainedVerdict? verdict = await pipeline.RunAsync(query, context.CancellationToken);
        return verdict is null ? throw VerifyMapping.BindingRequired() : VerdictMapping.ToProto(verdict);
    }

    public override async Task<CreateChallengeResponse> CreateChallenge(CreateChallengeRequest request, ServerCallContext context)
    {
        (string tenant, TimeSpan? life) = ChallengeMapping.Read(request, challenges.LongestLife);
        IssuedChallenge? issued = await challenges.IssueAsync(tenant, life, context.CancellationToken);
        return issued is null ? throw ChallengeMapping.TooMany() : ChallengeMapping.ToProto(issued);
    }
}
