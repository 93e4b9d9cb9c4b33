using System.Collections.Frozen;
using Verifier.Contracts.V1;
using Role = Verifier.Service.Identity.Rules.Role;

namespace Verifier.Service.Rpc;

/// <summary>The right that each method demands. A method that is not listed is refused, and a test fails until it is (T107).</summary>
internal static class MethodRights
{
    private static readonly FrozenDictionary<string, MethodRight> Table = new Dictionary<string, MethodRight>(StringComparer.Ordinal)
    {
        ["/verifier.v1.VerifierService/Verify"] = MethodRight.OfTenant<VerifyRequest>(Role.Verifier, r => r.Tenant),
        ["/verifier.v1.VerifierService/VerifyStream"] = MethodRight.OfTenant<VerifyStreamRequest>(Role.Verifier, r => r.Request?.Tenant ?? ""),
        ["/verifier.v1.VerifierService/CreateChallenge"] = MethodRight.OfTenant<CreateChallengeRequest>(Role.Verifier, r => r.Tenant),

        ["/verifier.v1.RegistryService/CreateReferenceValue"] =
            MethodRight.Of<CreateReferenceValueRequest>(Role.Registrar, r => r.Parent, r => r.ReferenceValueId),
        ["/verifier.v1.RegistryService/RegisterIgvm"] =
            MethodRight.OfStream<RegisterIgvmRequest>(Role.Registrar, r => r.Registration is { } first ? (first.Parent, first.ReferenceValueId) : null),
        ["/verifier.v1.RegistryService/RegisterFirmware"] =
            MethodRight.OfStream<RegisterFirmwareRequest>(Role.Registrar, r => r.Registration is { } first ? (first.Parent, first.ReferenceValueId) : null),
        ["/verifier.v1.RegistryService/ObserveReferenceValue"] =
            MethodRight.Of<ObserveReferenceValueRequest>(Role.Registrar, r => r.Parent, r => r.ReferenceValueId),
        ["/verifier.v1.RegistryService/GetReferenceValue"] = MethodRight.Of<GetReferenceValueRequest>(Role.Reader, r => r.Name),
        ["/verifier.v1.RegistryService/ListReferenceValues"] = MethodRight.Of<ListReferenceValuesRequest>(Role.Reader, r => r.Parent),
        ["/verifier.v1.RegistryService/ActivateReferenceValue"] = MethodRight.Of<ActivateReferenceValueRequest>(Role.Approver, r => r.Name),
        ["/verifier.v1.RegistryService/DeprecateReferenceValue"] = MethodRight.Of<DeprecateReferenceValueRequest>(Role.Registrar, r => r.Name),
        ["/verifier.v1.RegistryService/RevokeReferenceValue"] = MethodRight.Of<RevokeReferenceValueRequest>(Role.Registrar, r => r.Name),
        ["/verifier.v1.RegistryService/LookupMeasurement"] = MethodRight.Of<LookupMeasurementRequest>(Role.Reader, r => r.Parent),
        ["/verifier.v1.RegistryService/WatchReferenceValues"] = MethodRight.Of<WatchReferenceValuesRequest>(Role.Reader, r => r.Parent),

        ["/verifier.v1.LogService/GetTreeHead"] = MethodRight.Of<GetTreeHeadRequest>(Role.Reader, r => r.Parent),
        ["/verifier.v1.LogService/GetInclusionProof"] = MethodRight.Of<GetInclusionProofRequest>(Role.Reader, r => r.Parent),
        ["/verifier.v1.LogService/GetConsistencyProof"] = MethodRight.Of<GetConsistencyProofRequest>(Role.Reader, r => r.Parent),
        ["/verifier.v1.LogService/ListChanges"] = MethodRight.Of<ListChangesRequest>(Role.Reader, r => r.Parent),
        ["/verifier.v1.LogService/ListStoredResources"] = MethodRight.Of<ListStoredResourcesRequest>(Role.Reader, r => r.Parent),
        ["/verifier.v1.LogService/CheckTombstones"] = MethodRight.Of<CheckTombstonesRequest>(Role.Reader, r => r.Parent),

        // An import makes a tenant, which is a matter of the default one.
        ["/verifier.v1.LogService/ExportTenant"] = MethodRight.Of<ExportTenantRequest>(Role.Admin, r => r.Parent),
        ["/verifier.v1.LogService/ImportTenant"] = MethodRight.Of<ImportTenantRequest>(Role.Admin, _ => ""),

        ["/verifier.v1.IdentityRuleService/CreateIdentityRule"] = MethodRight.Of<CreateIdentityRuleRequest>(Role.Admin, r => r.Parent),
        ["/verifier.v1.IdentityRuleService/GetIdentityRule"] = MethodRight.Of<GetIdentityRuleRequest>(Role.Admin, r => r.Name),
        ["/verifier.v1.IdentityRuleService/ListIdentityRules"] = MethodRight.Of<ListIdentityRulesRequest>(Role.Admin, r => r.Parent),
        ["/verifier.v1.IdentityRuleService/UpdateIdentityRule"] = MethodRight.Of<UpdateIdentityRuleRequest>(Role.Admin, r => r.IdentityRule?.Name ?? ""),
        ["/verifier.v1.IdentityRuleService/DeleteIdentityRule"] = MethodRight.Of<DeleteIdentityRuleRequest>(Role.Admin, r => r.Name),
        ["/verifier.v1.IdentityRuleService/TestIdentityRules"] = MethodRight.Of<TestIdentityRulesRequest>(Role.Admin, r => r.Parent),

        // Which tenants there are is a matter of the default one.
        ["/verifier.v1.TenantService/CreateTenant"] = MethodRight.Of<CreateTenantRequest>(Role.Admin, _ => ""),
        ["/verifier.v1.TenantService/GetTenant"] = MethodRight.Of<GetTenantRequest>(Role.Reader, r => r.Name),
        ["/verifier.v1.TenantService/ListTenants"] = MethodRight.Of<ListTenantsRequest>(Role.Admin, _ => ""),
        ["/verifier.v1.TenantService/UpdateTenantSettings"] = MethodRight.Of<UpdateTenantSettingsRequest>(Role.Admin, r => r.Name),

        ["/verifier.v1.PolicyService/ApplyPolicy"] = MethodRight.Of<ApplyPolicyRequest>(Role.Admin, r => r.Policy?.Name ?? ""),
        ["/verifier.v1.PolicyService/GetPolicy"] = MethodRight.Of<GetPolicyRequest>(Role.Reader, r => r.Name),
        ["/verifier.v1.PolicyService/ListPolicies"] = MethodRight.Of<ListPoliciesRequest>(Role.Reader, r => r.Parent),
        ["/verifier.v1.PolicyService/ListPolicyVersions"] = MethodRight.Of<ListPolicyVersionsRequest>(Role.Reader, r => r.Name),
        ["/verifier.v1.PolicyService/DeletePolicy"] = MethodRight.Of<DeletePolicyRequest>(Role.Admin, r => r.Name),
        ["/verifier.v1.PolicyService/EvaluatePolicy"] = MethodRight.OfTenant<EvaluatePolicyRequest>(Role.Admin, r => r.Tenant),

        ["/verifier.v1.RevocationLiftService/CreateLiftRequest"] = MethodRight.Of<CreateLiftRequestRequest>(Role.Registrar, r => r.Parent),
        ["/verifier.v1.RevocationLiftService/ApproveLiftRequest"] = MethodRight.Of<ApproveLiftRequestRequest>(Role.Approver, r => r.Name),
        ["/verifier.v1.RevocationLiftService/GetLiftRequest"] = MethodRight.Of<GetLiftRequestRequest>(Role.Reader, r => r.Name),
        ["/verifier.v1.RevocationLiftService/ListLiftRequests"] = MethodRight.Of<ListLiftRequestsRequest>(Role.Reader, r => r.Parent),

        ["/grpc.health.v1.Health/Check"] = MethodRight.Everybody,
        ["/grpc.health.v1.Health/Watch"] = MethodRight.Everybody,
        ["/grpc.health.v1.Health/List"] = MethodRight.Everybody,

        // Mapped in development only.
        ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = MethodRight.Everybody,
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = MethodRight.Everybody,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null: nobody may call it.</summary>
    public static MethodRight? Of(string method) => Table.GetValueOrDefault(method);
}
