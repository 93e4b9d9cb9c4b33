using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using SevSnp.Checks;
using Status = Google.Rpc.Status;

namespace Verifier.Service.Rpc.Errors;

/// <summary>Makes typed errors (AIP-193): fixed texts, a reason, and details that a program can read.</summary>
internal static class RpcErrors
{
    public static RpcException InvalidRequest(IReadOnlyList<FieldViolation> violations)
    {
        FieldViolation first = violations[0];
        string more = violations.Count == 1 ? "" : $" (and {violations.Count - 1} more)";
        BadRequest details = new();
        details.FieldViolations.AddRange(violations.Select(v => new BadRequest.Types.FieldViolation { Field = v.Field, Reason = v.Reason, Description = v.Text }));
        return Of(StatusCode.InvalidArgument, ErrorReasons.InvalidRequest, $"{first.Field}: {first.Text}{more}", [("field", first.Field)], details);
    }

    /// <summary>Evidence that does not parse: names the check, the field, the offset and the rule.</summary>
    public static RpcException Malformed(string path, EvidenceFault fault)
    {
        BadRequest details = new();
        details.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = path, Reason = fault.Check.WireName(), Description = fault.ToString() });
        return Of(
            StatusCode.InvalidArgument,
            ErrorReasons.MalformedEvidence,
            $"{path}: {fault}",
            [("check", fault.Check.WireName()), ("field", fault.Field), ("offset", $"{fault.Offset}"), ("rule", fault.Rule)],
            details);
    }

    public static RpcException Unavailable(string reason, string text, TimeSpan retryAfter) =>
        Of(StatusCode.Unavailable, reason, text, [], new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) });

    /// <summary>The service has as much to do as it takes on.</summary>
    public static RpcException Busy(string reason, string text, TimeSpan retryAfter) =>
        Of(StatusCode.ResourceExhausted, reason, text, [], new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) });

    public static RpcException NotFound(string reason, string text, string resourceType, string name) =>
        Of(StatusCode.NotFound, reason, text, [("name", name)], new ResourceInfo { ResourceType = resourceType, ResourceName = name });

    public static RpcException AlreadyExists(string reason, string text, string resourceType, string name) =>
        Of(StatusCode.AlreadyExists, reason, text, [("name", name)], new ResourceInfo { ResourceType = resourceType, ResourceName = name });

    public static RpcException Precondition(string reason, string text, string subject, params (string Key, string Value)[] metadata)
    {
        PreconditionFailure details = new();
        details.Violations.Add(new PreconditionFailure.Types.Violation { Type = reason, Subject = subject, Description = text });
        return Of(StatusCode.FailedPrecondition, reason, text, metadata, details);
    }

    public static RpcException Plain(StatusCode code, string reason, string text, params (string Key, string Value)[] metadata) =>
        Of(code, reason, text, metadata, null);

    private static RpcException Of(StatusCode code, string reason, string text, (string Key, string Value)[] metadata, Google.Protobuf.IMessage? details)
    {
        ErrorInfo info = new() { Reason = reason, Domain = ErrorReasons.Domain };
        foreach ((string key, string value) in metadata)
        {
            info.Metadata[key] = value;
        }

        Status status = new() { Code = (int)code, Message = text, Details = { Any.Pack(info) } };
        if (details is not null)
        {
            status.Details.Add(Any.Pack(details));
        }

        return status.ToRpcException();
    }
}
