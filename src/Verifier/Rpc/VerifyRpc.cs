using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Challenges;
using Verifier.Service.Rpc.Mapping;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Verifier.Service.Rpc;

/// <summary>The verifying part of the contract, but for streams of questions: <see cref="VerifyStreamRpc"/>.</summary>
[BindServiceMethod(typeof(VerifyRpc), nameof(Bind))]
internal sealed class VerifyRpc(VerifyAnswers answers, ChallengeIssuer challenges) : VerifierService.VerifierServiceBase
{
    public static ServiceDescriptor Descriptor => VerifierService.Descriptor;

    public static void Bind(ServiceBinderBase binder, VerifierService.VerifierServiceBase service) =>
        VerifierService.BindService(new StrictBinder(binder, method => method != nameof(VerifyStream)), service);

    public override Task<VerifyResponse> Verify(VerifyRequest request, ServerCallContext context) =>
        answers.OfAsync(request, new Asking(context.CallerName(), context.Patience(), context.Place(), context.BeganAt()), context.CancellationToken);

    public override async Task<CreateChallengeResponse> CreateChallenge(CreateChallengeRequest request, ServerCallContext context)
    {
        (string tenant, TimeSpan? life) = ChallengeMapping.Read(request, challenges.LongestLife);
        IssuedChallenge? issued = await challenges.IssueAsync(tenant, life, context.CancellationToken);
        return issued is null ? throw ChallengeMapping.TooMany() : ChallengeMapping.ToProto(issued);
    }
}
