using SevSnp.Launch;
using SevSnp.References;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Enums of the contract and of the library have the same members and numbers; a test holds them to it.</summary>
internal static class EnumMapping
{
    public static Proto.Product ToProto(this ProductLine product) => (Proto.Product)product;

    public static ProductLine ToDomain(this Proto.Product product) => (ProductLine)product;

    public static Proto.SigningKeyKind ToProto(this KeyKind kind) => (Proto.SigningKeyKind)kind;

    public static KeyKind ToDomain(this Proto.SigningKeyKind kind) => (KeyKind)kind;

    public static Proto.LaunchKind ToProto(this LaunchKind kind) => (Proto.LaunchKind)kind;

    public static LaunchKind ToDomain(this Proto.LaunchKind kind) => (LaunchKind)kind;

    public static Proto.ReferenceValue.Types.State ToProto(this ReferenceState state) => (Proto.ReferenceValue.Types.State)state;

    public static ReferenceState ToDomain(this Proto.ReferenceValue.Types.State state) => (ReferenceState)state;

    public static Proto.ReferenceValue.Types.Origin ToProto(this ReferenceOrigin origin) => (Proto.ReferenceValue.Types.Origin)origin;
}
