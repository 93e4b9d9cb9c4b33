using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Policies;
using SevSnp.Reports;
using Verifier.Service.Pipeline;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>A reference value whose measurement is that of a report, and the report to be authenticated first.</summary>
internal sealed record Observation(ReferenceValueDraft Draft, VerificationQuery Query);

/// <summary>A report whose measurement is to be registered, from the wire.</summary>
internal static class ObservationReader
{
    public static Observation Read(Proto.ObserveReferenceValueRequest request, DateTimeOffset now)
    {
        FieldViolations violations = new();
        Proto.SnpEvidence? evidence = EvidenceMapping.Check(violations.Root.Field("evidence"), request.Evidence);
        if (request.ReferenceValue is { AcceptBySigner: true })
        {
            violations.Root.Field("reference_value").Field("accept_by_signer").Fail(ViolationReasons.Contradictory, "is for values that name no measurement, and a report gives one");
        }

        if (request.ReferenceValue is { Measurements.Count: > 0 })
        {
            violations.Root.Field("reference_value").Field("measurements").Fail(ViolationReasons.OutputOnly, "is taken from the report and must be empty");
        }

        violations.ThrowIfAny();
        (AttestationReport report, CertificateBundle certificates) = EvidenceMapping.Parse("evidence", evidence!);
        ReferenceValueDraft draft = ReferenceValueReader.Read(Completed(request, report), now);
        return new Observation(draft, new VerificationQuery(draft.Name.Tenant, report, certificates, new Expectations()));
    }

    public static Grpc.Core.RpcException NotAuthentic(CheckResult failed) => RpcErrors.Precondition(
        ErrorReasons.EvidenceNotAuthentic, "the report is not shown to come from genuine hardware; nothing was stored", "evidence", ("check", failed.Id.WireName()));

    private static Proto.CreateReferenceValueRequest Completed(Proto.ObserveReferenceValueRequest request, AttestationReport report)
    {
        Proto.CreateReferenceValueRequest create = new()
        {
            Parent = request.Parent,
            ReferenceValueId = request.ReferenceValueId,
            ReferenceValue = request.ReferenceValue?.Clone(),
            RequestId = request.RequestId,
        };
        create.ReferenceValue?.Measurements.Add(new Proto.LaunchMeasurement { Digest = report.Measurement.ToProto() });
        return create;
    }
}
