using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Views;

/// <summary>Constraints in words, one rule each.</summary>
internal static class ConstraintWords
{
    public static IEnumerable<string> Of(V1.Constraints? constraints)
    {
        if (constraints is null)
        {
            return [];
        }

        return [.. Rules(constraints).OfType<string>(), .. constraints.TcbFloors.Select(Floor)];
    }

    private static IEnumerable<string?> Rules(V1.Constraints c) =>
    [
        c.HasMinReportVersion ? $"report version at least {c.MinReportVersion}" : null,
        c.Vmpls is { } vmpls ? $"VMPL one of {{{string.Join(", ", vmpls.Values)}}}" : null,
        c.GuestPolicy is { } g ? $"guest policy: required 0x{g.Required:x}, forbidden 0x{g.Forbidden:x}, ABI at least {g.MinAbiMajor}.{g.MinAbiMinor}" : null,
        c.PlatformInfo is { } p ? $"platform info: required 0x{p.Required:x}, forbidden 0x{p.Forbidden:x}" : null,
        c.HasHostData ? $"host data {ServiceViews.Hex(c.HostData)}" : null,
        c.MinFirmware is { } f ? $"firmware at least {f.Major}.{f.Minor}.{f.Build}" : null,
        c.MinCurrentFirmware is { } n ? $"current firmware at least {n.Major}.{n.Minor}.{n.Build}" : null,
        c.SigningKeys.Count > 0 ? $"signed by a {string.Join(" or ", c.SigningKeys.Select(k => k.ToString().ToUpperInvariant()))}" : null,
        c.HasRequiredMitigations ? $"mitigations 0x{c.RequiredMitigations:x}" : null,
        c.Products.Count > 0 ? $"product one of {string.Join(", ", c.Products)}" : null,
        c.ChipIds.Count > 0 ? $"chip one of {string.Join(", ", c.ChipIds.Select(ServiceViews.Hex))}" : null,
        c.Signer is { } signer ? Signer(signer) : null,
    ];

    private static string Signer(V1.SignerRule rule)
    {
        if (rule.Pinned is not { } pinned)
        {
            return "no ID block";
        }

        string?[] parts =
        [
            pinned.IdKeyDigests.Count > 0 ? $"ID key one of {string.Join(", ", pinned.IdKeyDigests.Select(ServiceViews.Hex))}" : null,
            pinned.AuthorKeyDigests.Count > 0 ? $"author key one of {string.Join(", ", pinned.AuthorKeyDigests.Select(ServiceViews.Hex))}" : null,
            pinned.MinGuestSvn > 0 ? $"guest SVN at least {pinned.MinGuestSvn}" : null,
            pinned.HasFamilyId ? $"family id {ServiceViews.Hex(pinned.FamilyId)}" : null,
            pinned.HasImageId ? $"image id {ServiceViews.Hex(pinned.ImageId)}" : null,
        ];
        return string.Join("; ", parts.OfType<string>());
    }

    private static string Floor(V1.TcbFloor floor)
    {
        string cpu = floor.Cpu is { } c ? $" {c.Family:x2}/{c.Model:x2}/{c.Stepping:x}" : "";
        (string Name, V1.TcbVersion? Tcb)[] floors = [("reported", floor.Reported), ("committed", floor.Committed), ("launch", floor.Launch)];
        return $"TCB floor for {floor.Product}{cpu}: " + string.Join("; ", floors.Where(f => f.Tcb is not null).Select(f =>
            $"{f.Name} " + (f.Tcb!.HasFmc ? $"fmc {f.Tcb.Fmc}, " : "") + $"bl {f.Tcb.BootLoader}, tee {f.Tcb.Tee}, snp {f.Tcb.Snp}, ucode {f.Tcb.Microcode}"));
    }
}
