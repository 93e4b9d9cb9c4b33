using Google.Protobuf.WellKnownTypes;
using Verifier.Contracts.V1;
using Verifier.Service.Log;
using Verifier.Service.Rpc.Errors;
using Start = Verifier.Contracts.V1.WatchReferenceValuesRequest.StartOneofCase;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>The stream of changes, from and to the wire.</summary>
internal static class WatchMapping
{
    /// <summary>The tenant, and the last entry that the caller knows: -1 for none, null for all that there are now.</summary>
    public static (string Tenant, long? After) Read(WatchReferenceValuesRequest request)
    {
        FieldViolations violations = new();
        string tenant = NameMapping.Parent(violations.Root.Field("parent"), request.Parent);
        if (request.StartCase == Start.FromStart && !request.FromStart)
        {
            violations.Root.Field("from_start").Fail(ViolationReasons.OutOfRange, "must be true or absent");
        }

        if (request.StartCase == Start.ResumeAfter && request.ResumeAfter is < -1 or long.MaxValue)
        {
            violations.Root.Field("resume_after").Fail(ViolationReasons.OutOfRange, "must be an index, or -1");
        }

        violations.ThrowIfAny();
        return (tenant, request.StartCase switch { Start.FromStart => -1, Start.ResumeAfter => request.ResumeAfter, _ => null });
    }

    public static WatchReferenceValuesResponse ToProto(WatchedChange change) => new()
    {
        Index = change.Index,
        Change = change is not { Entry: { } entry, Value: { } value } ? null : new()
        {
            Action = entry.Action,
            ReferenceValue = ReferenceValueWriter.ToProto(value),
            Time = Timestamp.FromDateTimeOffset(entry.At),
            Actor = entry.Actor.Name,
        },
    };
}
