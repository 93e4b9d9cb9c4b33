using System.Globalization;
using Google.Protobuf;
using SevSnp.Certificates;
using SevSnp.Policies;
using SevSnp.Policies.Documents;
using SevSnp.Reports;
using Verifier.Service.Documents;
using Verifier.Service.Pipeline;
using Verifier.Service.Policies;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>A draft to be tried out, and the question to try it on. The draft is given, or named.</summary>
internal sealed record DryRun(AppraisalPolicy? Draft, PolicyName Name, VerificationQuery Query);

/// <summary>Requests about policies, from the wire; and how changes end.</summary>
internal static class PolicyMapping
{
    private const int LongestReason = 512;
    private const int DefaultPage = 20;
    private const int LargestPage = 100;
    private const string Type = "verifier.v1.Policy";

    public static (PolicyChange Change, AppraisalPolicy Policy) Read(Proto.ApplyPolicyRequest request)
    {
        FieldViolations violations = new();
        FieldPath path = violations.Root.Field("policy");
        Proto.Policy policy = request.Policy ?? new Proto.Policy();
        PolicyName name = Changed(path.Field("name"), policy.Name);
        AppraisalPolicy read = PolicyRulesReader.Read(path.Field("rules"), policy.Rules);
        FieldRules.Empty(path.Field("version"), policy.Version == 0);
        FieldRules.Empty(path.Field("sha256"), policy.Sha256.IsEmpty);
        FieldRules.Empty(path.Field("document"), policy.Document.IsEmpty);
        FieldRules.Empty(path.Field("etag"), policy.Etag.Length == 0);
        FieldRules.Empty(path.Field("author"), policy.Author.Length == 0);
        FieldRules.Empty(path.Field("create_time"), policy.CreateTime is null);
        FieldRules.Empty(path.Field("update_time"), policy.UpdateTime is null);
        FieldRules.Empty(path.Field("in_force"), !policy.InForce);
        PolicyChange change = Change(violations, request, name, request.Etag, request.Reason, request.RequestId, request.ValidateOnly);
        AppraisalPolicy named = read with { Name = name.Id };
        CheckDocument(path.Field("rules"), named);
        violations.ThrowIfAny();
        return (change, named);
    }

    /// <summary>The document is what Verify will read: a rule that it cannot hold must be found now.</summary>
    private static void CheckDocument(FieldPath path, AppraisalPolicy policy)
    {
        byte[] document = PolicyDocument.Write(policy);
        if (document.Length > DocumentLimits.ContentBytes)
        {
            path.Fail(ViolationReasons.WrongLength, $"must make a document of at most {DocumentLimits.ContentBytes} bytes");
        }
        else if (!PolicyDocument.TryRead(document, out _, out IReadOnlyList<PolicyFault> faults))
        {
            path.Fail(ViolationReasons.WrongFormat, $"{faults[0].Path}: {faults[0].Rule}");
        }
    }

    public static PolicyChange Read(Proto.DeletePolicyRequest request)
    {
        FieldViolations violations = new();
        PolicyName name = Changed(violations.Root.Field("name"), request.Name);
        PolicyChange change = Change(violations, request, name, request.Etag, request.Reason, request.RequestId, request.ValidateOnly);
        return name.Id == PolicyNames.InForce
            ? throw RpcErrors.Precondition(ErrorReasons.PolicyInForce, "the policy in force cannot be deleted; apply another one in its place", name.ToString())
            : change;
    }

    public static PolicyName Read(Proto.GetPolicyRequest request)
    {
        FieldViolations violations = new();
        PolicyName name = PolicyNameMapping.Read(violations.Root.Field("name"), request.Name, withVersion: true);
        violations.ThrowIfAny();
        return name;
    }

    public static string Read(Proto.ListPoliciesRequest request)
    {
        FieldViolations violations = new();
        string tenant = NameMapping.Parent(violations.Root.Field("parent"), request.Parent);
        violations.ThrowIfAny();
        return tenant;
    }

    public static (PolicyName Name, long? From, int Most) Read(Proto.ListPolicyVersionsRequest request)
    {
        FieldViolations violations = new();
        PolicyName name = PolicyNameMapping.Read(violations.Root.Field("name"), request.Name);
        if (request.PageSize < 0)
        {
            violations.Root.Field("page_size").Fail(ViolationReasons.OutOfRange, "must not be negative");
        }

        long from = 0;
        if (request.PageToken.Length > 0 && (!long.TryParse(request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out from) || from < 1))
        {
            violations.Root.Field("page_token").Fail(ViolationReasons.WrongFormat, "is not a token of this query");
        }

        violations.ThrowIfAny();
        return (name, from == 0 ? null : from, request.PageSize == 0 ? DefaultPage : Math.Min(request.PageSize, LargestPage));
    }

    public static DryRun Read(Proto.EvaluatePolicyRequest request)
    {
        FieldViolations violations = new();
        FieldPath root = violations.Root;
        string tenant = NameMapping.Tenant(root.Field("tenant"), request.Tenant);
        AppraisalPolicy? draft = null;
        PolicyName name = default;
        switch (request.DraftCase)
        {
            case Proto.EvaluatePolicyRequest.DraftOneofCase.Rules:
                draft = PolicyRulesReader.Read(root.Field("rules"), request.Rules) with { Name = "draft" };
                break;
            case Proto.EvaluatePolicyRequest.DraftOneofCase.Policy:
                name = PolicyNameMapping.Read(root.Field("policy"), request.Policy, withVersion: true);
                if (name.Tenant is { } owner && owner != tenant)
                {
                    root.Field("policy").Fail(ViolationReasons.Contradictory, "must be a policy of the same tenant");
                }

                break;
            default:
                root.Field("draft").Required();
                break;
        }

        if (request.Binding?.SchemeCase == Proto.ReportDataBinding.SchemeOneofCase.Challenge)
        {
            root.Field("binding").Field("challenge").Fail(ViolationReasons.Contradictory, "a dry run uses up no challenge");
        }

        Proto.SnpEvidence? evidence = EvidenceMapping.Check(root.Field("evidence"), request.Evidence);
        ReportDataBinding? binding = BindingMapping.Read(root.Field("binding"), request.Binding);
        violations.ThrowIfAny();
        (AttestationReport report, CertificateBundle certificates) = EvidenceMapping.Parse("evidence", evidence!);
        return new DryRun(draft, name, new VerificationQuery(tenant, report, certificates, new Expectations { Binding = binding ?? Own(report) }));
    }

    public static StoredDocument Unwrap(DocumentOutcome outcome, PolicyName name) => outcome switch
    {
        DocumentOutcome.Done done => done.Document,
        DocumentOutcome.NotFound => throw NotFound(name),
        DocumentOutcome.EtagMismatch => throw ChangeErrors.EtagMismatch("policy", name.ToString()),
        DocumentOutcome.TooMany => throw RpcErrors.Precondition(
            ErrorReasons.PolicyLimitReached, "the tenant has as many policies as it may, deleted ones included; apply a new version of one of them", name.ToString()),
        DocumentOutcome.RequestIdReused => throw ChangeErrors.RequestIdReused(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static Grpc.Core.RpcException NotFound(PolicyName name) =>
        RpcErrors.NotFound(ErrorReasons.PolicyNotFound, "there is no such policy, or not in this version", Type, name.ToString());

    public static Grpc.Core.RpcException NotAdmitted(ExpectationNotAdmittedException refused) => RpcErrors.Precondition(
        ErrorReasons.ExpectationNotAdmitted,
        $"the policy does not admit that a request states {string.Join(", ", refused.Refused.Select(e => e.WireName()))}; nothing was judged",
        "expectations",
        ("expectations", string.Join(",", refused.Refused.Select(e => e.WireName()))));

    private static PolicyName Changed(FieldPath path, string value)
    {
        PolicyName name = PolicyNameMapping.Read(path, value);
        if (name.Id == PolicyNames.BuiltIn)
        {
            path.Fail(ViolationReasons.WrongFormat, "builtin is the service's own policy and never changes");
        }

        return name;
    }

    private static PolicyChange Change(
        FieldViolations violations, IMessage request, PolicyName name, string etag, string reason, string requestId, bool validateOnly)
    {
        FieldPath root = violations.Root;
        string? expected = FieldRules.Etag(root.Field("etag"), etag);
        FieldRules.FreeText(root.Field("reason"), reason, 0, LongestReason);
        RequestKeys.Check(root.Field("request_id"), requestId);
        violations.ThrowIfAny();
        return new PolicyChange(name, expected, reason, validateOnly, validateOnly ? null : RequestKeys.Make(requestId, request));
    }

    private static ReportDataBinding Own(AttestationReport report) =>
        ReportDataBinding.TryExact(report.ReportData.Span, out ReportDataBinding? binding, out string rule) ? binding : throw new InvalidOperationException(rule);
}
