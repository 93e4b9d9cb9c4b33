using Grpc.Core;
using SevSnp.Primitives;
using Verifier.Contracts.V1;
using Verifier.Service.Log;
using Verifier.Service.Rpc.Mapping;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Verifier.Service.Rpc;

/// <summary>The log's part of the contract.</summary>
[BindServiceMethod(typeof(LogRpc), nameof(Bind))]
internal sealed class LogRpc(LogReader reader, ITenantContents contents, LogMapping mapping) : LogService.LogServiceBase
{
    public static ServiceDescriptor Descriptor => LogService.Descriptor;

    public static void Bind(ServiceBinderBase binder, LogService.LogServiceBase service) =>
        LogService.BindService(new StrictBinder(binder, method => method is not (nameof(ExportTenant) or nameof(ImportTenant))), service);

    public override async Task<GetTreeHeadResponse> GetTreeHead(GetTreeHeadRequest request, ServerCallContext context)
    {
        string tenant = LogMapping.Tenant(request.Parent);
        return new GetTreeHeadResponse { Head = mapping.ToProto(tenant, await reader.HeadAsync(tenant, context.CancellationToken)) };
    }

    public override async Task<GetInclusionProofResponse> GetInclusionProof(GetInclusionProofRequest request, ServerCallContext context)
    {
        (string tenant, long index) = LogMapping.Read(request);
        ProvenEntry? proven = await reader.ProveAsync(tenant, index, context.CancellationToken);
        return proven is null ? throw LogMapping.NoEntry(tenant, index) : new GetInclusionProofResponse { Proof = mapping.ToProto(proven) };
    }

    public override async Task<GetConsistencyProofResponse> GetConsistencyProof(GetConsistencyProofRequest request, ServerCallContext context)
    {
        (string tenant, long size, long later) = LogMapping.Read(request);
        return await reader.ProveConsistencyAsync(tenant, size, later, context.CancellationToken) is not var (proof, head)
            ? throw LogMapping.NeverSoLong(tenant, size)
            : new GetConsistencyProofResponse { Proof = LogMapping.ToProto(proof), Head = mapping.ToProto(tenant, head) };
    }

    public override async Task<ListChangesResponse> ListChanges(ListChangesRequest request, ServerCallContext context)
    {
        ChangesQuery query = LogMapping.Read(request);
        return LogMapping.ToProto(await reader.ListAsync(query.Tenant, query.First, query.Count, query.Resource, context.CancellationToken));
    }

    public override async Task<ListStoredResourcesResponse> ListStoredResources(ListStoredResourcesRequest request, ServerCallContext context)
    {
        (string tenant, string? after) = StoredMapping.Read(request);
        return StoredMapping.ToProto(await contents.ReadAsync(tenant, request.Collection, after, StoredMapping.PageSize, context.CancellationToken));
    }

    public override async Task<CheckTombstonesResponse> CheckTombstones(CheckTombstonesRequest request, ServerCallContext context)
    {
        (string tenant, IReadOnlyList<Digest384> measurements) = StoredMapping.Read(request);
        CheckTombstonesResponse response = new() { Count = await contents.CountTombstonesAsync(tenant, context.CancellationToken) };
        response.Present.AddRange(measurements.Count == 0 ? [] : await contents.HaveTombstonesAsync(tenant, measurements, context.CancellationToken));
        return response;
    }
}
