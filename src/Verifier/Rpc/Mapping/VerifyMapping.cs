using SevSnp.Certificates;
using SevSnp.Policies;
using SevSnp.Reports;
using Verifier.Service.Pipeline;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Tokens;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>A question, from the wire to values that need no further checks.</summary>
internal static class VerifyMapping
{
    public static VerificationQuery Read(Proto.VerifyRequest request, VerifiedCertificates? known = null)
    {
        FieldViolations violations = new();
        FieldPath root = violations.Root;
        string tenant = NameMapping.Tenant(root.Field("tenant"), request.Tenant);
        Proto.SnpEvidence? evidence = EvidenceMapping.Check(root.Field("evidence"), request.Evidence);
        ReportDataBinding? binding = BindingMapping.Read(root.Field("binding"), request.Binding);
        Expectations expectations = Expectations(root.Field("expectations"), request.Expectations) with { Binding = binding };
        ResultWish? wish = ResultMapping.Read(root, request);
        violations.ThrowIfAny();
        (AttestationReport report, CertificateBundle certificates) = EvidenceMapping.Parse("evidence", evidence!, known);
        return new VerificationQuery(tenant, report, certificates, expectations) { Result = wish };
    }

    /// <summary>The answer to a question that demands a binding by policy and has none.</summary>
    public static Grpc.Core.RpcException BindingRequired() => RpcErrors.InvalidRequest(
        [new FieldViolation("binding", ViolationReasons.Required, "is required: the policy does not allow unbound reports")]);

    private static Expectations Expectations(FieldPath path, Proto.Expectations? value) => value is null ? new Expectations() : new Expectations
    {
        Image = value.Image.Length == 0 ? null : ReferenceValueReader.Image(path.Field("image"), value.Image),
        Kinds = value.Kinds.Count == 0 ? null : FieldRules.KnownSet(path.Field("kinds"), value.Kinds, 4, EnumMapping.ToDomain),
        Constraints = ConstraintsReader.Read(path.Field("constraints"), value.Constraints),
    };
}
