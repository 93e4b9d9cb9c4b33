using Grpc.Core;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>How a change ended, as an answer or as a typed error.</summary>
internal static class ChangeMapping
{
    private const string Type = "verifier.v1.ReferenceValue";

    public static Proto.ReferenceValue Unwrap(ChangeOutcome outcome, ReferenceName name) => outcome switch
    {
        ChangeOutcome.Done done => ReferenceValueWriter.ToProto(done.Value),
        ChangeOutcome.AlreadyExists => throw RpcErrors.AlreadyExists(
            ErrorReasons.ReferenceValueExists, "there is a reference value with this id", Type, name.ToString()),
        ChangeOutcome.NotFound => throw NotFound(name),
        ChangeOutcome.EtagMismatch => throw ChangeErrors.EtagMismatch("reference value", name.ToString()),
        ChangeOutcome.WrongState wrong => throw RpcErrors.Precondition(
            ErrorReasons.WrongState, "the state of the reference value does not allow this step", name.ToString(), ("state", wrong.Current.ToString().ToUpperInvariant())),
        ChangeOutcome.SameRegistrar => throw RpcErrors.Precondition(
            ErrorReasons.ApprovalByAnother, "this tenant wants another identity than the registrar to activate a reference value", name.ToString()),
        ChangeOutcome.MeasurementOfOthers others => throw RpcErrors.Precondition(
            ErrorReasons.MeasurementOfOthers,
            "a measurement or signer is also that of a reference value outside the ids that the caller is bound to",
            name.ToString(),
            ("other", others.ReferenceName)),
        ChangeOutcome.MeasurementRevoked revoked => throw RpcErrors.Precondition(
            ErrorReasons.MeasurementRevoked,
            "a measurement has been revoked, which holds until two identities lift it",
            name.ToString(),
            ("digest", revoked.Tombstone.Measurement.ToString()),
            ("revoked_with", revoked.Tombstone.ReferenceName)),
        ChangeOutcome.RequestIdReused => throw ChangeErrors.RequestIdReused(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static RpcException NotFound(ReferenceName name) =>
        RpcErrors.NotFound(ErrorReasons.ReferenceValueNotFound, "there is no such reference value", Type, name.ToString());

    public static RpcException MeasurementNotFound() => RpcErrors.Plain(
        StatusCode.NotFound, ErrorReasons.MeasurementNotFound, "the registry knows nothing of this measurement");
}
