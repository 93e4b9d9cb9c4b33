using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;

namespace Verifier.Service.Storage.Codec;

/// <summary>Constraints to their stored form and back. Lists are sorted, so that equal constraints are equal bytes.</summary>
internal static class ConstraintsMapping
{
    private const int HostDataSize = 32;
    private const int ChipIdSize = 64;
    private const int IdSize = 16;

    public static ConstraintsDocument ToDocument(Constraints c) => new()
    {
        MinReportVersion = c.MinReportVersion,
        Vmpls = c.Vmpls?.Order().ToArray(),
        GuestPolicy = c.GuestPolicy is { } g
            ? new() { Required = (ulong)g.Required, Forbidden = (ulong)g.Forbidden, MinAbiMajor = g.MinAbiMajor, MinAbiMinor = g.MinAbiMinor }
            : null,
        PlatformInfo = c.PlatformInfo is { } p ? new() { Required = (ulong)p.Required, Forbidden = (ulong)p.Forbidden } : null,
        Signer = c.Signer is null ? null : ToDocument(c.Signer),
        HostData = c.HostData?.ToString(),
        TcbFloors = c.TcbFloors.Count == 0 ? null : [.. c.TcbFloors.Select(ToDocument)],
        MinFirmware = ToDocument(c.MinFirmware),
        MinCurrentFirmware = ToDocument(c.MinCurrentFirmware),
        SigningKeys = c.SigningKeys?.Order().ToArray(),
        RequiredMitigations = c.RequiredMitigations,
        CspIds = c.CspIds?.Order(StringComparer.Ordinal).ToArray(),
        Products = c.Products?.Order().ToArray(),
        AllowedChips = Texts(c.AllowedChips),
        DeniedChips = Texts(c.DeniedChips),
    };

    public static Constraints FromDocument(ConstraintsDocument d) => new()
    {
        MinReportVersion = d.MinReportVersion,
        Vmpls = d.Vmpls?.ToHashSet(),
        GuestPolicy = d.GuestPolicy is { } g
            ? new((GuestPolicyBits)g.Required, (GuestPolicyBits)g.Forbidden, g.MinAbiMajor, g.MinAbiMinor)
            : null,
        PlatformInfo = d.PlatformInfo is { } p ? new((PlatformInfoBits)p.Required, (PlatformInfoBits)p.Forbidden) : null,
        Signer = d.Signer is null ? null : FromDocument(d.Signer),
        HostData = Hex(d.HostData, HostDataSize),
        TcbFloors = d.TcbFloors is null ? [] : [.. d.TcbFloors.Select(FromDocument)],
        MinFirmware = FromDocument(d.MinFirmware),
        MinCurrentFirmware = FromDocument(d.MinCurrentFirmware),
        SigningKeys = d.SigningKeys?.ToHashSet(),
        RequiredMitigations = d.RequiredMitigations,
        CspIds = d.CspIds?.ToHashSet(StringComparer.Ordinal),
        Products = d.Products?.ToHashSet(),
        AllowedChips = Chips(d.AllowedChips),
        DeniedChips = Chips(d.DeniedChips),
    };

    private static SignerDocument ToDocument(SignerRule rule) => rule switch
    {
        SignerRule.NoIdBlock => new() { Kind = SignerKind.NoIdBlock },
        SignerRule.Pinned p => new()
        {
            Kind = SignerKind.Pinned,
            IdKeyDigests = [.. p.IdKeyDigests.Select(d => d.ToString()).Order(StringComparer.Ordinal)],
            AuthorKeyDigests = [.. p.AuthorKeyDigests.Select(d => d.ToString()).Order(StringComparer.Ordinal)],
            MinGuestSvn = p.MinGuestSvn,
            FamilyId = p.FamilyId?.ToString(),
            ImageId = p.ImageId?.ToString(),
        },
        _ => throw new NotSupportedException($"The signer rule {rule.GetType().Name} has no stored form."),
    };

    private static SignerRule FromDocument(SignerDocument d) => d switch
    {
        { Kind: SignerKind.NoIdBlock, IdKeyDigests: null, AuthorKeyDigests: null, MinGuestSvn: null, FamilyId: null, ImageId: null } => new SignerRule.NoIdBlock(),
        { Kind: SignerKind.Pinned, IdKeyDigests: { } ids, AuthorKeyDigests: { } authors, MinGuestSvn: { } svn } =>
            new SignerRule.Pinned(ids.Select(StoredHex.Digest).ToHashSet(), authors.Select(StoredHex.Digest).ToHashSet())
            {
                MinGuestSvn = svn,
                FamilyId = Hex(d.FamilyId, IdSize),
                ImageId = Hex(d.ImageId, IdSize),
            },
        _ => throw new FormatException("The signer rule is incomplete or contradicts itself."),
    };

    private static TcbFloorDocument ToDocument(TcbFloor f) => new()
    {
        Product = f.Product,
        Cpu = f.Cpu is { } cpu ? new() { Family = cpu.Family, Model = cpu.Model, Stepping = cpu.Stepping } : null,
        Reported = ToDocument(f.Reported),
        Committed = ToDocument(f.Committed),
        Launch = ToDocument(f.Launch),
    };

    private static TcbFloor FromDocument(TcbFloorDocument d) => new(
        d.Product,
        d.Cpu is { } cpu ? new CpuSignature(cpu.Family, cpu.Model, cpu.Stepping) : null,
        FromDocument(d.Reported),
        FromDocument(d.Committed),
        FromDocument(d.Launch));

    private static TcbDocument? ToDocument(TcbVersion? version) => version is { } t
        ? new() { Layout = t.Layout, Fmc = t.Fmc, BootLoader = t.BootLoader, Tee = t.Tee, Snp = t.Snp, Microcode = t.Microcode }
        : null;

    private static TcbVersion? FromDocument(TcbDocument? d) => d is null
        ? null
        : new TcbVersion(d.Layout, d.Fmc, d.BootLoader, d.Tee, d.Snp, d.Microcode);

    private static FirmwareDocument? ToDocument(FirmwareVersion? version) =>
        version is { } v ? new() { Major = v.Major, Minor = v.Minor, Build = v.Build } : null;

    private static FirmwareVersion? FromDocument(FirmwareDocument? d) => d is null ? null : new FirmwareVersion(d.Major, d.Minor, d.Build);

    private static string[]? Texts(IReadOnlySet<HexBytes>? set) => set?.Select(b => b.ToString()).Order(StringComparer.Ordinal).ToArray();

    private static HashSet<HexBytes>? Chips(string[]? texts) => texts?.Select(t => StoredHex.Bytes(t, ChipIdSize)).ToHashSet();

    private static HexBytes? Hex(string? text, int length) => text is null ? null : StoredHex.Bytes(text, length);
}
