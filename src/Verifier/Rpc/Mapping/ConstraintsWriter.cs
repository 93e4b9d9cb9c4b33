using SevSnp.Policies;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>
/// Constraints of a reference value, to the wire. <see cref="Constraints.CspIds"/> and <see cref="Constraints.DeniedChips"/> belong
/// to the tenant's policy alone and have no field.
/// </summary>
internal static class ConstraintsWriter
{
    /// <summary>Null when nothing is stated.</summary>
    public static Proto.Constraints? ToProto(Constraints value)
    {
        Proto.Constraints result = new()
        {
            Vmpls = value.Vmpls is { } vmpls ? new Proto.VmplSet { Values = { vmpls.Order() } } : null,
            GuestPolicy = value.GuestPolicy is { } policy ? ToProto(policy) : null,
            PlatformInfo = value.PlatformInfo is { } platform ? new() { Required = (ulong)platform.Required, Forbidden = (ulong)platform.Forbidden } : null,
            Signer = SignerMapping.ToProto(value.Signer),
            MinFirmware = value.MinFirmware is { } firmware ? TcbMapping.ToProto(firmware) : null,
            MinCurrentFirmware = value.MinCurrentFirmware is { } current ? TcbMapping.ToProto(current) : null,
        };
        result.TcbFloors.AddRange(value.TcbFloors.Select(TcbMapping.ToProto));
        result.SigningKeys.AddRange((value.SigningKeys ?? new HashSet<SevSnp.Launch.KeyKind>()).Order().Select(k => k.ToProto()));
        result.Products.AddRange((value.Products ?? new HashSet<SevSnp.Launch.ProductLine>()).Order().Select(p => p.ToProto()));
        result.ChipIds.AddRange((value.AllowedChips ?? new HashSet<SevSnp.Primitives.HexBytes>()).OrderBy(c => c.ToString(), StringComparer.Ordinal).Select(c => c.ToProto()));
        if (value.HostData is { } hostData)
        {
            result.HostData = hostData.ToProto();
        }

        if (value.RequiredMitigations is { } mitigations)
        {
            result.RequiredMitigations = mitigations;
        }

        if (value.MinReportVersion is { } version)
        {
            result.MinReportVersion = version;
        }

        return result.CalculateSize() == 0 ? null : result;
    }

    private static Proto.GuestPolicyRule ToProto(GuestPolicyRule rule) => new()
    {
        Required = (ulong)rule.Required,
        Forbidden = (ulong)rule.Forbidden,
        MinAbiMajor = rule.MinAbiMajor,
        MinAbiMinor = rule.MinAbiMinor,
    };
}
