using Google.Protobuf;
using SevSnp.Primitives;
using Verifier.Ledger;
using Verifier.Service.Log;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Questions for what is stored, and the answers by hash.</summary>
internal static class StoredMapping
{
    /// <summary>Resources of one page: bounded by what the store reads at once.</summary>
    public const int PageSize = 200;

    private const int MaxMeasurements = 1000;

    public static (string Tenant, string? After) Read(Proto.ListStoredResourcesRequest request)
    {
        FieldViolations violations = new();
        FieldPath root = violations.Root;
        string tenant = NameMapping.Parent(root.Field("parent"), request.Parent);
        if (!TenantAudit.Collections.Contains(request.Collection))
        {
            root.Field("collection").Fail(ViolationReasons.UnknownValue, $"must be one of {string.Join(", ", TenantAudit.Collections)}");
        }

        if (request.AfterId.Length > 0 && !ReferenceNames.IsId(request.AfterId))
        {
            root.Field("after_id").Fail(ViolationReasons.WrongFormat, "must be an id");
        }

        violations.ThrowIfAny();
        return (tenant, request.AfterId.Length == 0 ? null : request.AfterId);
    }

    public static (string Tenant, IReadOnlyList<Digest384> Measurements) Read(Proto.CheckTombstonesRequest request)
    {
        FieldViolations violations = new();
        FieldPath path = violations.Root.Field("measurements");
        string tenant = NameMapping.Parent(violations.Root.Field("parent"), request.Parent);
        for (int i = 0; FieldRules.AtMost(path, request.Measurements.Count, MaxMeasurements) && i < request.Measurements.Count; i++)
        {
            if (request.Measurements[i].Length != Digest384.Size)
            {
                path.At(i).Fail(ViolationReasons.WrongLength, $"must be exactly {Digest384.Size} bytes long, is {request.Measurements[i].Length}");
            }
        }

        violations.ThrowIfAny();
        return (tenant, [.. request.Measurements.Select(m => new Digest384(m.Span))]);
    }

    public static Proto.ListStoredResourcesResponse ToProto(IReadOnlyList<StoredItem> items)
    {
        Proto.ListStoredResourcesResponse response = new();
        response.Resources.AddRange(items.Select(i => new Proto.ListStoredResourcesResponse.Types.Resource
        {
            Id = i.Id,
            Sha256 = ByteString.CopyFrom(LogReplay.Hash(i.Bytes.Span).ToArray()),
        }));
        return response;
    }
}
