using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Documents;
using Verifier.Service.Identity.Bearer;
using Verifier.Service.Identity.Rules;
using Verifier.Service.Identity.Tenants;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Rpc.Mapping;
using IdentityRule = Verifier.Service.Identity.Rules.IdentityRule;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using Settings = Verifier.Service.Identity.Tenants.TenantSettings;

namespace Verifier.Service.Rpc;

/// <summary>The tenants and what they decide for themselves.</summary>
[BindServiceMethod(typeof(TenantRpc), nameof(Bind))]
internal sealed class TenantRpc(IDocumentStore documents, TenantDirectory tenants, TokenValidator issuers, TimeProvider clock) : TenantService.TenantServiceBase
{
    public static ServiceDescriptor Descriptor => TenantService.Descriptor;

    public static void Bind(ServiceBinderBase binder, TenantService.TenantServiceBase service) =>
        TenantService.BindService(new StrictBinder(binder), service);

    public override async Task<CreateTenantResponse> CreateTenant(CreateTenantRequest request, ServerCallContext context)
    {
        FieldViolations violations = new();
        FieldPath root = violations.Root;
        string id = NameMapping.Id(root.Field("tenant_id"), request.TenantId);
        if (id == DocumentIds.Settings)
        {
            root.Field("tenant_id").Fail(ViolationReasons.WrongFormat, "is a word of its own and names no tenant");
        }

        Settings settings = Read(root.Field("settings"), request.Settings);
        IdentityRule? rule = null;
        if (request.IdentityRule is not null || request.IdentityRuleId.Length > 0)
        {
            NameMapping.Id(root.Field("identity_rule_id"), request.IdentityRuleId);
            rule = IdentityRuleMapping.Read(root.Field("identity_rule"), request.IdentityRule, issuers);
        }

        violations.ThrowIfAny();
        if (await tenants.FindAsync(id, context.CancellationToken) is not null)
        {
            throw DocumentErrors.Tenant.Exists($"tenants/{id}");
        }

        // The tenant is there once it has settings, so these come last: what a failure leaves before gives nothing to anyone, and the call can be repeated.
        await PutAsync(context, ReferenceNames.DefaultTenant, DocumentKind.Settings, id, DocumentStep.Put, TenantDirectory.Entry);
        if (rule is not null)
        {
            await PutAsync(context, id, DocumentKind.IdentityRule, request.IdentityRuleId, DocumentStep.Put, RuleCodec.Encode(rule));
        }

        StoredDocument stored = await PutAsync(context, id, DocumentKind.Settings, DocumentIds.Settings, DocumentStep.Create, SettingsCodec.Encode(settings));
        return new CreateTenantResponse { Tenant = ToProto(id, settings, stored.Etag) };
    }

    public override async Task<GetTenantResponse> GetTenant(GetTenantRequest request, ServerCallContext context)
    {
        FieldViolations violations = new();
        string tenant = NameMapping.Parent(violations.Root.Field("name"), request.Name);
        violations.ThrowIfAny();
        return new GetTenantResponse { Tenant = await ReadAsync(tenant, context.CancellationToken) ?? throw DocumentErrors.Tenant.NotFound($"tenants/{tenant}") };
    }

    public override async Task<ListTenantsResponse> ListTenants(ListTenantsRequest request, ServerCallContext context)
    {
        ListTenantsResponse response = new();
        foreach (string id in await tenants.ListAsync(context.CancellationToken))
        {
            if (await ReadAsync(id, context.CancellationToken) is { } tenant)
            {
                response.Tenants.Add(tenant);
            }
        }

        return response;
    }

    public override async Task<UpdateTenantSettingsResponse> UpdateTenantSettings(UpdateTenantSettingsRequest request, ServerCallContext context)
    {
        FieldViolations violations = new();
        FieldPath root = violations.Root;
        string tenant = NameMapping.Parent(root.Field("name"), request.Name);
        if (request.Settings is null)
        {
            root.Field("settings").Required();
        }

        Settings settings = Read(root.Field("settings"), request.Settings);
        RequestKeys.Check(root.Field("request_id"), request.RequestId);
        violations.ThrowIfAny();
        DocumentChange change = Change(context, tenant, DocumentKind.Settings, DocumentIds.Settings, DocumentStep.Put, SettingsCodec.Encode(settings)) with
        {
            ExpectedEtag = request.Etag.Length == 0 ? null : request.Etag,
            ValidateOnly = request.ValidateOnly,
        };
        DocumentOutcome outcome = await documents.ChangeAsync(change, RequestKeys.Make(request.RequestId, request), context.CancellationToken);
        return new UpdateTenantSettingsResponse { Tenant = ToProto(tenant, settings, DocumentErrors.Tenant.Unwrap(outcome, $"tenants/{tenant}").Etag) };
    }

    private async Task<Tenant?> ReadAsync(string tenant, CancellationToken cancellation)
    {
        StoredDocument? stored = await documents.GetAsync(tenant, DocumentKind.Settings, DocumentIds.Settings, cancellation);
        return stored is not null ? ToProto(tenant, SettingsCodec.Decode(stored.Content.Span, tenant), stored.Etag)
            : tenant == ReferenceNames.DefaultTenant ? ToProto(tenant, Settings.Default, "")
            : null;
    }

    private async Task<StoredDocument> PutAsync(ServerCallContext context, string tenant, DocumentKind kind, string id, DocumentStep step, ReadOnlyMemory<byte> content) =>
        DocumentErrors.Tenant.Unwrap(await documents.ChangeAsync(Change(context, tenant, kind, id, step, content), null, context.CancellationToken), $"tenants/{tenant}");

    private DocumentChange Change(ServerCallContext context, string tenant, DocumentKind kind, string id, DocumentStep step, ReadOnlyMemory<byte> content) =>
        new(tenant, kind, id, step, content, null, context.Actor(), clock.GetUtcNow());

    private static Settings Read(FieldPath path, Contracts.V1.TenantSettings? settings)
    {
        if (settings is { OpenToAnyone: true, VerifyNeedsIdentity: true })
        {
            path.Fail(ViolationReasons.Contradictory, "open_to_anyone and verify_needs_identity contradict each other");
        }

        return settings is null ? Settings.Default : new Settings
        {
            OpenToAnyone = settings.OpenToAnyone,
            VerifyNeedsIdentity = settings.VerifyNeedsIdentity,
            RequireApproval = settings.RequireApproval,
            IncludeChipId = settings.IncludeChipId,
        };
    }

    private static Tenant ToProto(string tenant, Settings settings, string etag) => new()
    {
        Name = $"tenants/{tenant}",
        Etag = etag,
        Settings = new Contracts.V1.TenantSettings
        {
            OpenToAnyone = settings.OpenToAnyone,
            VerifyNeedsIdentity = settings.VerifyNeedsIdentity,
            RequireApproval = settings.RequireApproval,
            IncludeChipId = settings.IncludeChipId,
        },
    };
}
