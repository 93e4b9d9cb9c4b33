using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Pipeline;
using Verifier.Service.Rpc.Mapping;

namespace Verifier.Service.Rpc;

/// <summary>The verifying half of the contract.</summary>
[BindServiceMethod(typeof(VerifyRpc), nameof(Bind))]
internal sealed class VerifyRpc(VerificationPipeline pipeline) : VerifierService.VerifierServiceBase
{
    public static void Bind(ServiceBinderBase binder, VerifierService.VerifierServiceBase service) =>
        VerifierService.BindService(new StrictBinder(binder), service);

    public override async Task<VerifyResponse> Verify(VerifyRequest request, ServerCallContext context)
    {
        VerificationQuery query = VerifyMapping.Read(request);
        ExplainedVerdict? verdict = await pipeline.RunAsync(query, context.CancellationToken);
        return verdict is null ? throw VerifyMapping.BindingRequired() : VerdictMapping.ToProto(verdict);
    }
}
