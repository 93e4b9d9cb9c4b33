using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>A list query that needs no further checks.</summary>
internal sealed record ListQuery(string Tenant, ReferenceFilter Filter, int PageSize, string? AfterId);

/// <summary>A step in a life that needs no further checks.</summary>
internal sealed record StepCommand(ReferenceName Name, string? Etag, string Reason, RequestKey? Request);

/// <summary>The registry's other requests, from the wire.</summary>
internal static class RegistryMapping
{
    private const int DefaultPage = 50;
    private const int LargestPage = 500;

    public static ReferenceName Read(Proto.GetReferenceValueRequest request)
    {
        FieldViolations violations = new();
        ReferenceName name = NameMapping.Reference(violations.Root.Field("name"), request.Name);
        violations.ThrowIfAny();
        return name;
    }

    public static ListQuery Read(Proto.ListReferenceValuesRequest request)
    {
        FieldViolations violations = new();
        FieldPath root = violations.Root;
        string tenant = NameMapping.Parent(root.Field("parent"), request.Parent);
        ReferenceFilter filter = Filter(root.Field("filter"), request.Filter);
        if (request.PageSize < 0)
        {
            root.Field("page_size").Fail(ViolationReasons.OutOfRange, "must not be negative");
        }

        string? afterId = PageTokens.Read(root.Field("page_token"), request.PageToken, tenant, filter);
        violations.ThrowIfAny();
        return new ListQuery(tenant, filter, request.PageSize == 0 ? DefaultPage : Math.Min(request.PageSize, LargestPage), afterId);
    }

    public static (string Tenant, Digest384 Measurement) Read(Proto.LookupMeasurementRequest request)
    {
        FieldViolations violations = new();
        string tenant = NameMapping.Parent(violations.Root.Field("parent"), request.Parent);
        Digest384? digest = FieldRules.Digest(violations.Root.Field("digest"), request.Digest);
        violations.ThrowIfAny();
        return (tenant, digest!.Value);
    }

    public static StepCommand Read(Proto.ActivateReferenceValueRequest request) => Step(request, request.Name, request.Etag, request.RequestId, null);

    public static StepCommand Read(Proto.DeprecateReferenceValueRequest request) => Step(request, request.Name, request.Etag, request.RequestId, null);

    public static StepCommand Read(Proto.RevokeReferenceValueRequest request) => Step(request, request.Name, request.Etag, request.RequestId, request.Reason);

    private static StepCommand Step(Google.Protobuf.IMessage request, string name, string etag, string requestId, string? reason)
    {
        FieldViolations violations = new();
        FieldPath root = violations.Root;
        ReferenceName reference = NameMapping.Reference(root.Field("name"), name);
        string? read = FieldRules.Etag(root.Field("etag"), etag);
        RequestKeys.Check(root.Field("request_id"), requestId);
        if (reason is not null)
        {
            FieldRules.FreeText(root.Field("reason"), reason, 1, 512);
        }

        violations.ThrowIfAny();
        return new StepCommand(reference, read, reason ?? "", RequestKeys.Make(requestId, request));
    }

    private static ReferenceFilter Filter(FieldPath path, Proto.ListReferenceValuesRequest.Types.Filter? filter)
    {
        if (filter is null)
        {
            return new ReferenceFilter(null, null);
        }

        string? image = filter.Image.Length == 0 ? null : ReferenceValueReader.Image(path.Field("image"), filter.Image);
        ReferenceState? state = filter.State != default && FieldRules.Known(path.Field("state"), filter.State) ? filter.State.ToDomain() : null;
        return new ReferenceFilter(image, state);
    }
}
