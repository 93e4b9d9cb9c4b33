using Google.Protobuf;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Online;

/// <summary>A policy of a file, as a service takes it.</summary>
internal static class PolicyRequests
{
    public static V1.PolicyRules Rules(AppraisalPolicy policy)
    {
        V1.PolicyRules rules = new()
        {
            Description = policy.Description,
            Constraints = Constraints(policy.Constraints),
            Revocation = policy.Revocation == RevocationRule.Required ? V1.PolicyRules.Types.Revocation.Required : V1.PolicyRules.Types.Revocation.Preferred,
            RequestsMayState = policy.AdmittedExpectations is { } admitted ? new() { Names = { admitted.Order().Select(e => e.WireName()) } } : null,
            UnsafeAllowDebug = policy.UnsafeAllowDebug,
            UnsafeAllowMigration = policy.UnsafeAllowMigration,
            UnsafeAllowMaskedChipId = policy.UnsafeAllowMaskedChipId,
            UnsafeAllowUnboundReport = policy.UnsafeAllowUnboundReport,
            UnsafeAllowAnyMeasurement = policy.UnsafeAllowAnyMeasurement,
            UnsafeSkipAliasCheck = policy.UnsafeSkipAliasCheck,
            UnsafeSkipRevocation = policy.UnsafeSkipRevocation,
        };
        rules.CspIds.AddRange((policy.Constraints.CspIds ?? new HashSet<string>()).Order(StringComparer.Ordinal));
        rules.DeniedChips.AddRange(Chips(policy.Constraints.DeniedChips));
        rules.RequiredAdvisories.AddRange(policy.RequiredAdvisories.Order(StringComparer.Ordinal));
        return rules;
    }

    private static V1.Constraints Constraints(Constraints c)
    {
        V1.Constraints result = new()
        {
            Vmpls = c.Vmpls is { } vmpls ? new() { Values = { vmpls.Order() } } : null,
            GuestPolicy = c.GuestPolicy is { } g
                ? new() { Required = (ulong)g.Required, Forbidden = (ulong)g.Forbidden, MinAbiMajor = g.MinAbiMajor, MinAbiMinor = g.MinAbiMinor }
                : null,
            PlatformInfo = c.PlatformInfo is { } p ? new() { Required = (ulong)p.Required, Forbidden = (ulong)p.Forbidden } : null,
            Signer = Signer(c.Signer),
            MinFirmware = Firmware(c.MinFirmware),
            MinCurrentFirmware = Firmware(c.MinCurrentFirmware),
        };
        result.TcbFloors.AddRange(c.TcbFloors.Select(Floor));
        result.Products.AddRange((c.Products ?? new HashSet<ProductLine>()).Order().Select(p => (V1.Product)p));
        result.SigningKeys.AddRange((c.SigningKeys ?? new HashSet<KeyKind>()).Order().Select(k => (V1.SigningKeyKind)k));
        result.ChipIds.AddRange(Chips(c.AllowedChips));
        if (c.HostData is { } hostData)
        {
            result.HostData = ByteString.CopyFrom(hostData.Span);
        }

        if (c.RequiredMitigations is { } mitigations)
        {
            result.RequiredMitigations = mitigations;
        }

        if (c.MinReportVersion is { } version)
        {
            result.MinReportVersion = version;
        }

        return result;
    }

    private static V1.SignerRule? Signer(SignerRule? rule)
    {
        if (rule is not SignerRule.Pinned pinned)
        {
            return rule is null ? null : new V1.SignerRule { NoIdBlock = new() };
        }

        V1.SignerRule.Types.PinnedSigner result = new() { MinGuestSvn = pinned.MinGuestSvn };
        result.IdKeyDigests.AddRange(pinned.IdKeyDigests.Select(d => ByteString.CopyFrom(d.ToArray())));
        result.AuthorKeyDigests.AddRange(pinned.AuthorKeyDigests.Select(d => ByteString.CopyFrom(d.ToArray())));
        if (pinned.FamilyId is { } family)
        {
            result.FamilyId = ByteString.CopyFrom(family.Span);
        }

        if (pinned.ImageId is { } image)
        {
            result.ImageId = ByteString.CopyFrom(image.Span);
        }

        return new V1.SignerRule { Pinned = result };
    }

    private static V1.TcbFloor Floor(TcbFloor floor) => new()
    {
        Product = (V1.Product)floor.Product,
        Cpu = floor.Cpu is { } cpu ? new() { Family = cpu.Family, Model = cpu.Model, Stepping = cpu.Stepping } : null,
        Reported = Tcb(floor.Reported),
        Committed = Tcb(floor.Committed),
        Launch = Tcb(floor.Launch),
    };

    private static V1.TcbVersion? Tcb(TcbVersion? version)
    {
        if (version is not { } tcb)
        {
            return null;
        }

        V1.TcbVersion result = new() { BootLoader = tcb.BootLoader, Tee = tcb.Tee, Snp = tcb.Snp, Microcode = tcb.Microcode };
        if (tcb.Layout == TcbLayout.Turin)
        {
            result.Fmc = tcb.Fmc;
        }

        return result;
    }

    private static V1.FirmwareVersion? Firmware(FirmwareVersion? version) => version is { } v ? new() { Major = v.Major, Minor = v.Minor, Build = v.Build } : null;

    private static IEnumerable<ByteString> Chips(IReadOnlySet<HexBytes>? chips) =>
        (chips ?? new HashSet<HexBytes>()).OrderBy(c => c.ToString(), StringComparer.Ordinal).Select(c => ByteString.CopyFrom(c.Span));
}
