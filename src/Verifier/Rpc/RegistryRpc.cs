using Grpc.Core;
using SevSnp.Primitives;
using Verifier.Contracts.V1;
using Verifier.Service.Pipeline;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Mapping;
using Verifier.Service.Usage;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Verifier.Service.Rpc;

/// <summary>The registry's part of the contract, but for files (<see cref="RegisterIgvmRpc"/>, <see cref="RegisterFirmwareRpc"/>) and the stream of changes (<see cref="WatchRpc"/>).</summary>
[BindServiceMethod(typeof(RegistryRpc), nameof(Bind))]
internal sealed class RegistryRpc(ReferenceValueRegistry registry, RevocationImpacts impacts, VerificationPipeline pipeline, TimeProvider clock) : RegistryService.RegistryServiceBase
{
    public static ServiceDescriptor Descriptor => RegistryService.Descriptor;

    public static void Bind(ServiceBinderBase binder, RegistryService.RegistryServiceBase service) =>
        RegistryService.BindService(new StrictBinder(binder, method => method is not (nameof(RegisterIgvm) or nameof(RegisterFirmware) or nameof(WatchReferenceValues))), service);

    public override async Task<CreateReferenceValueResponse> CreateReferenceValue(CreateReferenceValueRequest request, ServerCallContext context)
    {
        ReferenceValueDraft draft = ReferenceValueReader.Read(request, clock.GetUtcNow());
        ChangeOutcome outcome = await registry.CreateAsync(draft, context.Order(RequestKeys.Make(request.RequestId, request), request.ValidateOnly), context.CancellationToken);
        return new CreateReferenceValueResponse { ReferenceValue = ChangeMapping.Unwrap(outcome, draft.Name) };
    }

    public override async Task<ObserveReferenceValueResponse> ObserveReferenceValue(ObserveReferenceValueRequest request, ServerCallContext context)
    {
        Observation observation = ObservationReader.Read(request, clock.GetUtcNow());
        if (await pipeline.FindFaultAsync(observation.Query with { Caller = context.CallerName(), Patience = context.Patience(), Place = context.Place() }, context.CancellationToken) is { } failed)
        {
            throw ObservationReader.NotAuthentic(failed);
        }

        ChangeOutcome outcome = await registry.CreateObservedAsync(observation.Draft, context.Order(RequestKeys.Make(request.RequestId, request), request.ValidateOnly), context.CancellationToken);
        return new ObserveReferenceValueResponse { ReferenceValue = ChangeMapping.Unwrap(outcome, observation.Draft.Name) };
    }

    public override async Task<GetReferenceValueResponse> GetReferenceValue(GetReferenceValueRequest request, ServerCallContext context)
    {
        ReferenceName name = RegistryMapping.Read(request);
        StoredReferenceValue? stored = await registry.GetAsync(name, context.CancellationToken);
        return stored is null ? throw ChangeMapping.NotFound(name) : new GetReferenceValueResponse { ReferenceValue = ReferenceValueWriter.ToProto(stored) };
    }

    public override async Task<ListReferenceValuesResponse> ListReferenceValues(ListReferenceValuesRequest request, ServerCallContext context)
    {
        ListQuery query = RegistryMapping.Read(request);
        ReferencePage page = await registry.ListAsync(query.Tenant, query.Filter, query.PageSize, query.AfterId, context.CancellationToken);
        ListReferenceValuesResponse response = new() { NextPageToken = PageTokens.Write(query.Tenant, query.Filter, page.NextAfterId) };
        response.ReferenceValues.AddRange(page.Values.Select(ReferenceValueWriter.ToProto));
        return response;
    }

    public override async Task<ActivateReferenceValueResponse> ActivateReferenceValue(ActivateReferenceValueRequest request, ServerCallContext context)
    {
        StepCommand step = RegistryMapping.Read(request);
        ChangeOutcome outcome = await registry.ActivateAsync(step.Name, step.Etag, context.Order(step.Request, request.ValidateOnly), context.CancellationToken);
        return new ActivateReferenceValueResponse { ReferenceValue = ChangeMapping.Unwrap(outcome, step.Name) };
    }

    public override async Task<DeprecateReferenceValueResponse> DeprecateReferenceValue(DeprecateReferenceValueRequest request, ServerCallContext context)
    {
        StepCommand step = RegistryMapping.Read(request);
        ChangeOutcome outcome = await registry.DeprecateAsync(step.Name, step.Etag, context.Order(step.Request, request.ValidateOnly), context.CancellationToken);
        return new DeprecateReferenceValueResponse { ReferenceValue = ChangeMapping.Unwrap(outcome, step.Name) };
    }

    public override async Task<RevokeReferenceValueResponse> RevokeReferenceValue(RevokeReferenceValueRequest request, ServerCallContext context)
    {
        StepCommand step = RegistryMapping.Read(request);
        ChangeOutcome outcome = await registry.RevokeAsync(step.Name, step.Reason, step.Etag, context.Order(step.Request, request.ValidateOnly), context.CancellationToken);
        RevokeReferenceValueResponse response = new() { ReferenceValue = ChangeMapping.Unwrap(outcome, step.Name) };
        if (request.ValidateOnly && outcome is ChangeOutcome.Done { Value: { } value })
        {
            response.Impact = ImpactMapping.ToProto(await impacts.OfAsync(value, context.CancellationToken));
        }

        return response;
    }

    public override async Task<LookupMeasurementResponse> LookupMeasurement(LookupMeasurementRequest request, ServerCallContext context)
    {
        (string tenant, Digest384 measurement) = RegistryMapping.Read(request);
        MeasurementEntry entry = await registry.LookupAsync(tenant, measurement, context.CancellationToken);
        return entry.Tombstone is null && entry.Values.Count == 0 ? throw ChangeMapping.MeasurementNotFound() : ReferenceValueWriter.ToProto(entry);
    }
}
