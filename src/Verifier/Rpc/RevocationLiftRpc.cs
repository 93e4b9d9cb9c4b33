using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Registry.Lifts;
using Verifier.Service.Rpc.Mapping;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Verifier.Service.Rpc;

/// <summary>Lifting of revocations.</summary>
[BindServiceMethod(typeof(RevocationLiftRpc), nameof(Bind))]
internal sealed class RevocationLiftRpc(RevocationLifts lifts, TimeProvider clock) : RevocationLiftService.RevocationLiftServiceBase
{
    public static ServiceDescriptor Descriptor => RevocationLiftService.Descriptor;

    public static void Bind(ServiceBinderBase binder, RevocationLiftService.RevocationLiftServiceBase service) =>
        RevocationLiftService.BindService(new StrictBinder(binder), service);

    public override async Task<CreateLiftRequestResponse> CreateLiftRequest(CreateLiftRequestRequest request, ServerCallContext context)
    {
        LiftDraft draft = LiftMapping.Read(request);
        LiftOutcome outcome = await lifts.CreateAsync(
            draft.Name.Tenant,
            draft.Name.Id,
            draft.Measurement,
            draft.Reason,
            context.Order(RequestKeys.Make(request.RequestId, request), request.ValidateOnly),
            context.CancellationToken);
        return new CreateLiftRequestResponse { LiftRequest = LiftMapping.ToProto(LiftMapping.Unwrap(outcome, draft.Name).Request, clock.GetUtcNow()) };
    }

    public override async Task<ApproveLiftRequestResponse> ApproveLiftRequest(ApproveLiftRequestRequest request, ServerCallContext context)
    {
        (LiftName name, string? etag) = LiftMapping.Read(request);
        LiftOutcome outcome = await lifts.ApproveAsync(
            name.Tenant, name.Id, etag, context.Order(RequestKeys.Make(request.RequestId, request), request.ValidateOnly), context.CancellationToken);
        LiftOutcome.Done done = LiftMapping.Unwrap(outcome, name);
        ApproveLiftRequestResponse response = new() { LiftRequest = LiftMapping.ToProto(done.Request, clock.GetUtcNow()) };
        response.MatchingAgain.AddRange(done.Values.Select(ReferenceValueWriter.ToProto));
        return response;
    }

    public override async Task<GetLiftRequestResponse> GetLiftRequest(GetLiftRequestRequest request, ServerCallContext context)
    {
        LiftName name = LiftMapping.Read(request);
        Registry.Lifts.LiftRequest found = await lifts.GetAsync(name.Tenant, name.Id, context.CancellationToken) ?? throw LiftMapping.NotFound(name);
        return new GetLiftRequestResponse { LiftRequest = LiftMapping.ToProto(found, clock.GetUtcNow()) };
    }

    public override async Task<ListLiftRequestsResponse> ListLiftRequests(ListLiftRequestsRequest request, ServerCallContext context)
    {
        DateTimeOffset now = clock.GetUtcNow();
        ListLiftRequestsResponse response = new();
        response.LiftRequests.AddRange((await lifts.ListAsync(LiftMapping.Read(request), context.CancellationToken)).Select(r => LiftMapping.ToProto(r, now)));
        return response;
    }
}
