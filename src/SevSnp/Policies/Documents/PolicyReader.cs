using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Policies.Documents;

/// <summary>A policy, from its document. Whatever is left out is as in the built-in policy, or states nothing.</summary>
internal static class PolicyReader
{
    private const int MostAllowedChips = 256;
    private const int MostDeniedChips = 1024;
    private const int MostProviders = 64;
    private const int MostAdvisories = 64;
    private const int LongestText = 512;
    private const int LongestCspId = 256;
    private const int HostDataSize = 32;
    private const int ChipIdSize = 64;
    private const int ShortChipIdSize = 8;

    private static readonly string[] Known =
    [
        "v", "description", "min_report_version", "vmpls", "signing_keys", "csp_ids", "products", "guest_policy", "platform_info", "signer",
        "host_data", "tcb_floors", "min_firmware", "min_current_firmware", "required_mitigations", "allowed_chips", "denied_chips", "revocation",
        "required_advisories", "requests_may_state", "unsafe_allow_debug", "unsafe_allow_migration", "unsafe_allow_masked_chip_id",
        "unsafe_allow_unbound_report", "unsafe_allow_any_measurement", "unsafe_skip_alias_check", "unsafe_skip_revocation",
    ];

    public static AppraisalPolicy Read(DocumentNode root)
    {
        IReadOnlyDictionary<string, DocumentNode> members = root.Members(Known);
        if (!members.TryGetValue("v", out DocumentNode version))
        {
            root.Fail<uint?>($"must state the version of its format, v: {PolicyDocument.FormatVersion}");
        }
        else if (version.Number(PolicyDocument.FormatVersion, PolicyDocument.FormatVersion) is null)
        {
            return new AppraisalPolicy();
        }

        AppraisalPolicy defaults = AppraisalPolicy.Default;
        AppraisalPolicy policy = new()
        {
            Description = At("description")?.Text(LongestText) ?? "",
            Constraints = Constraints(members, defaults.Constraints),
            Revocation = At("revocation") is { } revocation ? Words<RevocationRule>.Read(revocation) ?? default : defaults.Revocation,
            RequiredAdvisories = At("required_advisories")?.Set(1, MostAdvisories, Advisory, StringComparer.Ordinal) ?? defaults.RequiredAdvisories,
            AdmittedExpectations = At("requests_may_state")?.SetOf(0, ExpectationNames.All.Count, Words<Expectation>.Read),
            UnsafeAllowDebug = Switch("unsafe_allow_debug"),
            UnsafeAllowMigration = Switch("unsafe_allow_migration"),
            UnsafeAllowMaskedChipId = Switch("unsafe_allow_masked_chip_id"),
            UnsafeAllowUnboundReport = Switch("unsafe_allow_unbound_report"),
            UnsafeAllowAnyMeasurement = Switch("unsafe_allow_any_measurement"),
            UnsafeSkipAliasCheck = Switch("unsafe_skip_alias_check"),
            UnsafeSkipRevocation = Switch("unsafe_skip_revocation"),
        };
        if (policy is { UnsafeSkipRevocation: true, Revocation: RevocationRule.Required })
        {
            members["unsafe_skip_revocation"].Fail<bool?>("contradicts revocation: required");
        }

        return policy;

        DocumentNode? At(string name) => members.TryGetValue(name, out DocumentNode node) ? node : null;

        bool Switch(string name) => At(name)?.Flag() ?? false;
    }

    private static Constraints Constraints(IReadOnlyDictionary<string, DocumentNode> members, Constraints defaults)
    {
        return new Constraints
        {
            MinReportVersion = At("min_report_version")?.Number(2, 5) ?? defaults.MinReportVersion,
            Vmpls = At("vmpls")?.SetOf(0, 4, n => n.Number(0, 3)) ?? defaults.Vmpls,
            SigningKeys = At("signing_keys")?.SetOf(1, 2, Words<KeyKind>.Read),
            CspIds = At("csp_ids")?.Set(0, MostProviders, n => n.Text(LongestCspId), StringComparer.Ordinal) ?? defaults.CspIds,
            Products = At("products")?.SetOf(1, ProductLines.All.Count, Words<ProductLine>.Read),
            GuestPolicy = At("guest_policy") is { } guest ? GuestPolicy(guest) : null,
            PlatformInfo = At("platform_info") is { } platform ? Platform(platform) : null,
            Signer = At("signer") is { } signer ? SignerReader.Read(signer) : null,
            HostData = At("host_data")?.Hex(HostDataSize),
            TcbFloors = At("tcb_floors") is { } floors ? FloorReader.Floors(floors) : [],
            MinFirmware = At("min_firmware") is { } both ? FloorReader.Firmware(both) : null,
            MinCurrentFirmware = At("min_current_firmware") is { } current ? FloorReader.Firmware(current) : null,
            RequiredMitigations = At("required_mitigations") is { } mitigations ? BitWords.Mask(mitigations) : null,
            AllowedChips = At("allowed_chips")?.Set(1, MostAllowedChips, Chip),
            DeniedChips = At("denied_chips")?.Set(1, MostDeniedChips, Chip),
        };

        DocumentNode? At(string name) => members.TryGetValue(name, out DocumentNode node) ? node : null;
    }

    private static GuestPolicyRule GuestPolicy(DocumentNode node)
    {
        IReadOnlyDictionary<string, DocumentNode> members = node.Members("required", "forbidden", "min_abi");
        (ulong required, ulong forbidden) = Bits<GuestPolicyBits>(node, members, allowUnnamed: false);
        (byte major, byte minor) = members.TryGetValue("min_abi", out DocumentNode abi) ? FloorReader.Abi(abi) ?? default : default;
        return new GuestPolicyRule((GuestPolicyBits)required, (GuestPolicyBits)forbidden, major, minor);
    }

    private static PlatformInfoRule Platform(DocumentNode node)
    {
        (ulong required, ulong forbidden) = Bits<PlatformInfoBits>(node, node.Members("required", "forbidden"), allowUnnamed: true);
        return new PlatformInfoRule((PlatformInfoBits)required, (PlatformInfoBits)forbidden);
    }

    // A bit without a published meaning can be forbidden; to require it would be to require nobody knows what.
    private static (ulong Required, ulong Forbidden) Bits<T>(DocumentNode node, IReadOnlyDictionary<string, DocumentNode> members, bool allowUnnamed)
        where T : struct, Enum
    {
        ulong required = members.TryGetValue("required", out DocumentNode set) ? BitWords.Read<T>(set, allowUnnamed: false) : 0;
        ulong forbidden = members.TryGetValue("forbidden", out DocumentNode clear) ? BitWords.Read<T>(clear, allowUnnamed) : 0;
        if ((required & forbidden) != 0)
        {
            node.Fail<T>($"requires and forbids {string.Join(", ", BitWords.Of<T>(required & forbidden))}");
        }

        return (required, forbidden);
    }

    // Turin's ids have 8 bytes, with zeros behind in a report. Kept as in the report, so that one chip has one form.
    private static HexBytes? Chip(DocumentNode node)
    {
        if (node.String() is not { } text)
        {
            return null;
        }

        int length = text.Length == 2 * ShortChipIdSize ? ShortChipIdSize : ChipIdSize;
        byte[] whole = new byte[ChipIdSize];
        return HexBytes.TryParse(text, length, out HexBytes? chip) && !chip.IsZero && chip.Span.TryCopyTo(whole)
            ? new HexBytes(whole)
            : node.Fail<HexBytes>($"must be a chip id of {ChipIdSize} bytes, or {ShortChipIdSize} on Turin, in hexadecimal, not all zero");
    }

    private static string? Advisory(DocumentNode node) =>
        node.Text(AppraisalPolicy.LongestAdvisoryId, t => t.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '-'), "of [A-Z0-9-], such as AMD-SB-3019");
}
