using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Documents;
using Verifier.Service.Identity;
using Verifier.Service.Identity.Bearer;
using Verifier.Service.Identity.Rules;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Rpc.Mapping;
using IdentityRule = Verifier.Service.Identity.Rules.IdentityRule;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Verifier.Service.Rpc;

/// <summary>The rules that give roles to identities.</summary>
[BindServiceMethod(typeof(IdentityRuleRpc), nameof(Bind))]
internal sealed class IdentityRuleRpc(IDocumentStore documents, TokenValidator issuers, TimeProvider clock) : IdentityRuleService.IdentityRuleServiceBase
{
    public static ServiceDescriptor Descriptor => IdentityRuleService.Descriptor;

    public static void Bind(ServiceBinderBase binder, IdentityRuleService.IdentityRuleServiceBase service) =>
        IdentityRuleService.BindService(new StrictBinder(binder), service);

    public override async Task<CreateIdentityRuleResponse> CreateIdentityRule(CreateIdentityRuleRequest request, ServerCallContext context)
    {
        FieldViolations violations = new();
        FieldPath root = violations.Root;
        string tenant = NameMapping.Parent(root.Field("parent"), request.Parent);
        string id = NameMapping.Id(root.Field("identity_rule_id"), request.IdentityRuleId);
        IdentityRule? rule = IdentityRuleMapping.Read(root.Field("identity_rule"), request.IdentityRule, issuers);
        RequestKeys.Check(root.Field("request_id"), request.RequestId);
        violations.ThrowIfAny();
        DocumentChange change = Change(context, tenant, id, DocumentStep.Create, RuleCodec.Encode(rule!), "") with { ValidateOnly = request.ValidateOnly };
        return new CreateIdentityRuleResponse { IdentityRule = await ChangeAsync(change, RequestKeys.Make(request.RequestId, request), context) };
    }

    public override async Task<GetIdentityRuleResponse> GetIdentityRule(GetIdentityRuleRequest request, ServerCallContext context)
    {
        FieldViolations violations = new();
        (string tenant, string id) = IdentityRuleMapping.Name(violations.Root.Field("name"), request.Name);
        violations.ThrowIfAny();
        StoredDocument stored = await documents.GetAsync(tenant, DocumentKind.IdentityRule, id, context.CancellationToken) ?? throw DocumentErrors.Rule.NotFound(request.Name);
        return new GetIdentityRuleResponse { IdentityRule = IdentityRuleMapping.ToProto(stored) };
    }

    public override async Task<ListIdentityRulesResponse> ListIdentityRules(ListIdentityRulesRequest request, ServerCallContext context)
    {
        FieldViolations violations = new();
        string tenant = NameMapping.Parent(violations.Root.Field("parent"), request.Parent);
        violations.ThrowIfAny();
        return new ListIdentityRulesResponse
        {
            IdentityRules = { (await documents.ListAsync(tenant, DocumentKind.IdentityRule, context.CancellationToken)).Select(IdentityRuleMapping.ToProto) },
        };
    }

    public override async Task<UpdateIdentityRuleResponse> UpdateIdentityRule(UpdateIdentityRuleRequest request, ServerCallContext context)
    {
        FieldViolations violations = new();
        FieldPath root = violations.Root;
        FieldPath path = root.Field("identity_rule");
        (string tenant, string id) = IdentityRuleMapping.Name(path.Field("name"), request.IdentityRule?.Name ?? "");
        IdentityRule? rule = IdentityRuleMapping.Read(path, request.IdentityRule, issuers);
        RequestKeys.Check(root.Field("request_id"), request.RequestId);
        violations.ThrowIfAny();
        DocumentStep step = request.AllowMissing ? DocumentStep.Put : DocumentStep.Replace;
        DocumentChange change = Change(context, tenant, id, step, RuleCodec.Encode(rule!), request.Etag) with { ValidateOnly = request.ValidateOnly };
        return new UpdateIdentityRuleResponse { IdentityRule = await ChangeAsync(change, RequestKeys.Make(request.RequestId, request), context) };
    }

    public override async Task<DeleteIdentityRuleResponse> DeleteIdentityRule(DeleteIdentityRuleRequest request, ServerCallContext context)
    {
        FieldViolations violations = new();
        (string tenant, string id) = IdentityRuleMapping.Name(violations.Root.Field("name"), request.Name);
        RequestKeys.Check(violations.Root.Field("request_id"), request.RequestId);
        violations.ThrowIfAny();
        DocumentChange change = Change(context, tenant, id, DocumentStep.Delete, default, request.Etag) with { ValidateOnly = request.ValidateOnly };
        DocumentErrors.Rule.Unwrap(await documents.ChangeAsync(change, RequestKeys.Make(request.RequestId, request), context.CancellationToken), request.Name);
        return new DeleteIdentityRuleResponse();
    }

    public override async Task<TestIdentityRulesResponse> TestIdentityRules(TestIdentityRulesRequest request, ServerCallContext context)
    {
        FieldViolations violations = new();
        string tenant = NameMapping.Parent(violations.Root.Field("parent"), request.Parent);
        TokenIdentity? identity = IdentityRuleMapping.Identity(violations.Root, request.Issuer, request.ClaimsJson, issuers);
        violations.ThrowIfAny();
        Caller caller = new Caller.Bearer(identity!);
        IReadOnlyList<StoredDocument> rules = await documents.ListAsync(tenant, DocumentKind.IdentityRule, context.CancellationToken);
        return new TestIdentityRulesResponse
        {
            IdentityRules = { rules.Where(d => RuleCodec.TryDecode(d.Content.Span)?.Condition.Matches(caller) ?? false).Select(IdentityRuleMapping.ToProto) },
        };
    }

    private DocumentChange Change(ServerCallContext context, string tenant, string id, DocumentStep step, ReadOnlyMemory<byte> content, string etag) =>
        new(tenant, DocumentKind.IdentityRule, id, step, content, etag.Length == 0 ? null : etag, context.Actor(), clock.GetUtcNow());

    private async Task<Contracts.V1.IdentityRule> ChangeAsync(DocumentChange change, Registry.RequestKey? key, ServerCallContext context) => IdentityRuleMapping.ToProto(
        DocumentErrors.Rule.Unwrap(await documents.ChangeAsync(change, key, context.CancellationToken), IdentityRuleMapping.Name(change.Tenant, change.Id)));
}
