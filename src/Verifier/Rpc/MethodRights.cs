using System.Collections.Frozen;

namespace Verifier.Service.Rpc;

/// <summary>What a caller must show to use a method.</summary>
internal enum Right
{
    /// <summary>Not in the table: refused.</summary>
    None = 0,

    /// <summary>Nothing.</summary>
    Anyone = 1,

    /// <summary>The registrar token.</summary>
    Registrar = 2,
}

/// <summary>The right that each method demands. A method that is not listed is refused, and a test fails until it is (T107).</summary>
internal static class MethodRights
{
    private static readonly FrozenDictionary<string, Right> Table = new Dictionary<string, Right>(StringComparer.Ordinal)
    {
        ["/verifier.v1.VerifierService/Verify"] = Right.Anyone,
        ["/verifier.v1.VerifierService/VerifyStream"] = Right.Anyone,
        ["/verifier.v1.VerifierService/CreateChallenge"] = Right.Anyone,
        ["/verifier.v1.RegistryService/CreateReferenceValue"] = Right.Registrar,
        ["/verifier.v1.RegistryService/RegisterIgvm"] = Right.Registrar,
        ["/verifier.v1.RegistryService/RegisterFirmware"] = Right.Registrar,
        ["/verifier.v1.RegistryService/ObserveReferenceValue"] = Right.Registrar,
        ["/verifier.v1.RegistryService/GetReferenceValue"] = Right.Anyone,
        ["/verifier.v1.RegistryService/ListReferenceValues"] = Right.Anyone,
        ["/verifier.v1.RegistryService/ActivateReferenceValue"] = Right.Registrar,
        ["/verifier.v1.RegistryService/DeprecateReferenceValue"] = Right.Registrar,
        ["/verifier.v1.RegistryService/RevokeReferenceValue"] = Right.Registrar,
        ["/verifier.v1.RegistryService/LookupMeasurement"] = Right.Anyone,
        ["/verifier.v1.LogService/GetTreeHead"] = Right.Anyone,
        ["/verifier.v1.LogService/GetInclusionProof"] = Right.Anyone,
        ["/verifier.v1.LogService/GetConsistencyProof"] = Right.Anyone,
        ["/verifier.v1.LogService/ListChanges"] = Right.Anyone,
        ["/verifier.v1.LogService/ListStoredResources"] = Right.Anyone,
        ["/verifier.v1.LogService/CheckTombstones"] = Right.Anyone,
        ["/grpc.health.v1.Health/Check"] = Right.Anyone,
        ["/grpc.health.v1.Health/Watch"] = Right.Anyone,
        ["/grpc.health.v1.Health/List"] = Right.Anyone,

        // Mapped in development only.
        ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = Right.Anyone,
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = Right.Anyone,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Right Of(string method) => Table.GetValueOrDefault(method);
}
