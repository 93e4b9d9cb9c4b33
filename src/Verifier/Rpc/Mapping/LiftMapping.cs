using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SevSnp.Primitives;
using Verifier.Service.Documents;
using Verifier.Service.Registry.Lifts;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Names one request to lift a revocation.</summary>
internal readonly record struct LiftName(string Tenant, string Id)
{
    public override string ToString() => $"tenants/{Tenant}/{DocumentNames.Resource(DocumentKind.LiftRequest, Id)}";
}

/// <summary>A request to lift a revocation, as it is asked for.</summary>
internal sealed record LiftDraft(LiftName Name, Digest384 Measurement, string Reason);

/// <summary>Requests to lift revocations, from the wire and to it.</summary>
internal static class LiftMapping
{
    private const int LongestReason = 512;

    public static LiftDraft Read(Proto.CreateLiftRequestRequest request)
    {
        FieldViolations violations = new();
        FieldPath root = violations.Root;
        string tenant = NameMapping.Parent(root.Field("parent"), request.Parent);
        string id = NameMapping.Id(root.Field("lift_request_id"), request.LiftRequestId);
        RequestKeys.Check(root.Field("request_id"), request.RequestId);
        FieldPath path = root.Field("lift_request");
        if (request.LiftRequest is not { } lift)
        {
            path.Required();
            violations.ThrowIfAny();
            throw new System.Diagnostics.UnreachableException();
        }

        FieldRules.Empty(path.Field("name"), lift.Name.Length == 0);
        FieldRules.Empty(path.Field("state"), lift.State == default);
        FieldRules.Empty(path.Field("requester"), lift.Requester.Length == 0);
        FieldRules.Empty(path.Field("approver"), lift.Approver.Length == 0);
        FieldRules.Empty(path.Field("create_time"), lift.CreateTime is null);
        FieldRules.Empty(path.Field("expire_time"), lift.ExpireTime is null);
        FieldRules.Empty(path.Field("etag"), lift.Etag.Length == 0);
        FieldRules.FreeText(path.Field("reason"), lift.Reason, 1, LongestReason);
        Digest384? digest = FieldRules.Digest(path.Field("digest"), lift.Digest);
        violations.ThrowIfAny();
        return new LiftDraft(new LiftName(tenant, id), digest!.Value, lift.Reason);
    }

    public static (LiftName Name, string? Etag) Read(Proto.ApproveLiftRequestRequest request)
    {
        FieldViolations violations = new();
        LiftName name = Name(violations.Root.Field("name"), request.Name);
        string? etag = FieldRules.Etag(violations.Root.Field("etag"), request.Etag);
        RequestKeys.Check(violations.Root.Field("request_id"), request.RequestId);
        violations.ThrowIfAny();
        return (name, etag);
    }

    public static LiftName Read(Proto.GetLiftRequestRequest request)
    {
        FieldViolations violations = new();
        LiftName name = Name(violations.Root.Field("name"), request.Name);
        violations.ThrowIfAny();
        return name;
    }

    public static string Read(Proto.ListLiftRequestsRequest request)
    {
        FieldViolations violations = new();
        string tenant = NameMapping.Parent(violations.Root.Field("parent"), request.Parent);
        violations.ThrowIfAny();
        return tenant;
    }

    public static Proto.LiftRequest ToProto(LiftRequest request, DateTimeOffset now) => new()
    {
        Name = new LiftName(request.Tenant, request.Id).ToString(),
        Digest = request.Measurement.ToProto(),
        Reason = request.Reason,
        State = request.IsApproved ? Proto.LiftRequest.Types.State.Approved
            : request.ExpireTime <= now ? Proto.LiftRequest.Types.State.Expired
            : Proto.LiftRequest.Types.State.Open,
        Requester = request.Requester,
        Approver = request.Approver,
        CreateTime = Timestamp.FromDateTimeOffset(request.CreateTime),
        ExpireTime = Timestamp.FromDateTimeOffset(request.ExpireTime),
        Etag = request.Etag,
    };

    public static LiftOutcome.Done Unwrap(LiftOutcome outcome, LiftName name) => outcome switch
    {
        LiftOutcome.Done done => done,
        LiftOutcome.WrongState { Expired: true } => throw RpcErrors.Precondition(
            ErrorReasons.WrongState, "the request is older than seven days; make a new one", name.ToString(), ("state", "EXPIRED")),
        LiftOutcome.WrongState => throw RpcErrors.Precondition(
            ErrorReasons.WrongState, "the request has been approved", name.ToString(), ("state", "APPROVED")),
        LiftOutcome.Refused { Outcome: DocumentOutcome.NotRevoked } => throw RpcErrors.Precondition(
            ErrorReasons.MeasurementNotRevoked, "the measurement is not revoked", name.ToString()),
        LiftOutcome.Refused { Outcome: DocumentOutcome.SameAuthor } => throw RpcErrors.Precondition(
            ErrorReasons.ApprovalByAnother, "another identity than the one that asked must approve", name.ToString()),
        LiftOutcome.Refused refused => throw DocumentErrors.Lift.Refusal(refused.Outcome, name.ToString()),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static RpcException NotFound(LiftName name) => DocumentErrors.Lift.NotFound(name.ToString());

    private static LiftName Name(FieldPath path, string value)
    {
        (string tenant, string id) = NameMapping.Resource(path, value, DocumentNames.Collection(DocumentKind.LiftRequest), "lift_request");
        return new LiftName(tenant, id);
    }
}
