using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Constraints of a request or a reference value, from the wire.</summary>
internal static class ConstraintsReader
{
    private const int HostDataLength = 32;
    private const int ChipIdLength = 64;
    private const int MostChips = 256;
    private const uint HighestVmpl = 3;

    // Bit 16 and bits 18 to 25: the ABI version, the bit that is always one and the reserved ones cannot be ruled on.
    private const ulong GuestPolicyNamedBits = 0x3FD_0000;
    private const ulong PlatformNamedBits = ~PlatformInfo.UnknownBits;

    public static Constraints Read(FieldPath path, Proto.Constraints? value) => value is null ? Constraints.None : new Constraints
    {
        Vmpls = value.Vmpls is null ? null : Vmpls(path.Field("vmpls").Field("values"), value.Vmpls),
        GuestPolicy = value.GuestPolicy is null ? null : GuestPolicy(path.Field("guest_policy"), value.GuestPolicy),
        PlatformInfo = value.PlatformInfo is null ? null : Platform(path.Field("platform_info"), value.PlatformInfo),
        Signer = SignerMapping.Read(path.Field("signer"), value.Signer),
        HostData = value.HasHostData ? FieldRules.Exactly(path.Field("host_data"), value.HostData, HostDataLength) : null,
        TcbFloors = TcbMapping.Floors(path.Field("tcb_floors"), value.TcbFloors),
        MinFirmware = value.MinFirmware is null ? null : TcbMapping.Firmware(path.Field("min_firmware"), value.MinFirmware),
        MinCurrentFirmware = value.MinCurrentFirmware is null ? null : TcbMapping.Firmware(path.Field("min_current_firmware"), value.MinCurrentFirmware),
        SigningKeys = value.SigningKeys.Count == 0 ? null : FieldRules.KnownSet(path.Field("signing_keys"), value.SigningKeys, 2, EnumMapping.ToDomain),
        RequiredMitigations = value.HasRequiredMitigations ? value.RequiredMitigations : null,
        Products = value.Products.Count == 0 ? null : FieldRules.KnownSet(path.Field("products"), value.Products, ProductLines.All.Count, EnumMapping.ToDomain),
        AllowedChips = value.ChipIds.Count == 0 ? null : Chips(path.Field("chip_ids"), value),
        MinReportVersion = value.HasMinReportVersion ? FieldRules.InRange(path.Field("min_report_version"), value.MinReportVersion, 2, 5) : null,
    };

    private static HashSet<uint> Vmpls(FieldPath path, Proto.VmplSet value)
    {
        HashSet<uint> result = [];
        for (int i = 0; FieldRules.AtMost(path, value.Values.Count, (int)HighestVmpl + 1) && i < value.Values.Count; i++)
        {
            result.Add(FieldRules.InRange(path.At(i), value.Values[i], 0, HighestVmpl));
        }

        return result;
    }

    private static GuestPolicyRule GuestPolicy(FieldPath path, Proto.GuestPolicyRule value)
    {
        Bits(path.Field("required"), value.Required, GuestPolicyNamedBits);
        Bits(path.Field("forbidden"), value.Forbidden, GuestPolicyNamedBits);
        Apart(path, value.Required, value.Forbidden);
        return new GuestPolicyRule(
            (GuestPolicyBits)value.Required,
            (GuestPolicyBits)value.Forbidden,
            FieldRules.Byte(path.Field("min_abi_major"), value.MinAbiMajor),
            FieldRules.Byte(path.Field("min_abi_minor"), value.MinAbiMinor));
    }

    private static PlatformInfoRule Platform(FieldPath path, Proto.PlatformInfoRule value)
    {
        Bits(path.Field("required"), value.Required, PlatformNamedBits);
        Apart(path, value.Required, value.Forbidden);
        return new PlatformInfoRule((PlatformInfoBits)value.Required, (PlatformInfoBits)value.Forbidden);
    }

    private static void Bits(FieldPath path, ulong value, ulong named)
    {
        if ((value & ~named) != 0)
        {
            path.Fail(ViolationReasons.UnknownBits, $"must be within the named bits 0x{named:x}");
        }
    }

    private static void Apart(FieldPath path, ulong required, ulong forbidden)
    {
        if ((required & forbidden) != 0)
        {
            path.Fail(ViolationReasons.Contradictory, "the same bit is required and forbidden");
        }
    }

    private static HashSet<HexBytes> Chips(FieldPath path, Proto.Constraints value)
    {
        HashSet<HexBytes> result = [];
        for (int i = 0; FieldRules.AtMost(path, value.ChipIds.Count, MostChips) && i < value.ChipIds.Count; i++)
        {
            if (FieldRules.Exactly(path.At(i), value.ChipIds[i], ChipIdLength) is { } chip)
            {
                result.Add(chip);
            }
        }

        return result;
    }
}
