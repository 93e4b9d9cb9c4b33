using System.Collections.Frozen;
using Verifier.Service.Admission;

namespace Verifier.Service.Rpc;

/// <summary>How a method is admitted.</summary>
/// <param name="Lane">Its lane; null for health and reflection, which never wait and are never refused.</param>
/// <param name="IsStream">Whether a call lasts as long as its caller wants: such calls have a limit of their own, and wait by themselves for what they do.</param>
internal sealed record MethodLane(Lane? Lane, bool IsStream = false);

/// <summary>The lane of each method. A test fails until a new one is here (T94).</summary>
internal static class MethodLanes
{
    private static readonly MethodLane Free = new(null);
    private static readonly MethodLane Revocation = new(Lane.Revocation);
    private static readonly MethodLane Challenge = new(Lane.Challenge);
    private static readonly MethodLane Verify = new(Lane.Verify);
    private static readonly MethodLane Read = new(Lane.Read);
    private static readonly MethodLane Registration = new(Lane.Registration);
    private static readonly MethodLane VerifyStream = new(Lane.Verify, true);
    private static readonly MethodLane ReadStream = new(Lane.Read, true);
    private static readonly MethodLane Upload = new(Lane.Registration, true);

    private static readonly FrozenDictionary<string, MethodLane> Table = new Dictionary<string, MethodLane>(StringComparer.Ordinal)
    {
        ["/verifier.v1.VerifierService/Verify"] = Verify,
        ["/verifier.v1.VerifierService/VerifyStream"] = VerifyStream,
        ["/verifier.v1.VerifierService/CreateChallenge"] = Challenge,

        ["/verifier.v1.RegistryService/RevokeReferenceValue"] = Revocation,
        ["/verifier.v1.RegistryService/DeprecateReferenceValue"] = Revocation,
        ["/verifier.v1.RegistryService/CreateReferenceValue"] = Registration,
        ["/verifier.v1.RegistryService/ObserveReferenceValue"] = Registration,
        ["/verifier.v1.RegistryService/ActivateReferenceValue"] = Registration,
        ["/verifier.v1.RegistryService/RegisterIgvm"] = Upload,
        ["/verifier.v1.RegistryService/RegisterFirmware"] = Upload,
        ["/verifier.v1.RegistryService/GetReferenceValue"] = Read,
        ["/verifier.v1.RegistryService/ListReferenceValues"] = Read,
        ["/verifier.v1.RegistryService/LookupMeasurement"] = Read,
        ["/verifier.v1.RegistryService/WatchReferenceValues"] = ReadStream,

        ["/verifier.v1.LogService/GetTreeHead"] = Read,
        ["/verifier.v1.LogService/GetInclusionProof"] = Read,
        ["/verifier.v1.LogService/GetConsistencyProof"] = Read,
        ["/verifier.v1.LogService/ListChanges"] = Read,
        ["/verifier.v1.LogService/ListStoredResources"] = Read,
        ["/verifier.v1.LogService/CheckTombstones"] = Read,
        ["/verifier.v1.LogService/ExportTenant"] = ReadStream,
        ["/verifier.v1.LogService/ImportTenant"] = Upload,

        // What changes rules, policies and settings may be there to take something away.
        ["/verifier.v1.IdentityRuleService/UpdateIdentityRule"] = Revocation,
        ["/verifier.v1.IdentityRuleService/DeleteIdentityRule"] = Revocation,
        ["/verifier.v1.IdentityRuleService/CreateIdentityRule"] = Registration,
        ["/verifier.v1.IdentityRuleService/GetIdentityRule"] = Read,
        ["/verifier.v1.IdentityRuleService/ListIdentityRules"] = Read,
        ["/verifier.v1.IdentityRuleService/TestIdentityRules"] = Read,

        ["/verifier.v1.TenantService/UpdateTenantSettings"] = Revocation,
        ["/verifier.v1.TenantService/CreateTenant"] = Registration,
        ["/verifier.v1.TenantService/GetTenant"] = Read,
        ["/verifier.v1.TenantService/ListTenants"] = Read,

        ["/verifier.v1.PolicyService/ApplyPolicy"] = Revocation,
        ["/verifier.v1.PolicyService/DeletePolicy"] = Registration,
        ["/verifier.v1.PolicyService/EvaluatePolicy"] = Registration,
        ["/verifier.v1.PolicyService/GetPolicy"] = Read,
        ["/verifier.v1.PolicyService/ListPolicies"] = Read,
        ["/verifier.v1.PolicyService/ListPolicyVersions"] = Read,

        ["/verifier.v1.RevocationLiftService/CreateLiftRequest"] = Registration,
        ["/verifier.v1.RevocationLiftService/ApproveLiftRequest"] = Registration,
        ["/verifier.v1.RevocationLiftService/GetLiftRequest"] = Read,
        ["/verifier.v1.RevocationLiftService/ListLiftRequests"] = Read,

        ["/grpc.health.v1.Health/Check"] = Free,
        ["/grpc.health.v1.Health/Watch"] = Free,
        ["/grpc.health.v1.Health/List"] = Free,

        // Mapped in development only.
        ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = Free,
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = Free,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null: there is no such method.</summary>
    public static MethodLane? Of(string method) => Table.GetValueOrDefault(method);
}
