using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Policies;

/// <summary>
/// What must hold of an authenticated report. The same type serves the tenant's policy, a reference value and a request: all that
/// are present must hold, so adding one can only tighten. A member left null (or a list left empty where so documented) states
/// nothing; a set that is present but empty allows nothing.
/// </summary>
public sealed record Constraints
{
    /// <summary>States nothing.</summary>
    public static Constraints None { get; } = new();

    /// <summary>Least report version (C2).</summary>
    public uint? MinReportVersion { get; init; }

    /// <summary>Allowed VMPLs, each 0 to 3 (C31).</summary>
    public IReadOnlySet<uint>? Vmpls { get; init; }

    /// <summary>Three-valued rule on guest policy bits and the ABI minimum (C34).</summary>
    public GuestPolicyRule? GuestPolicy { get; init; }

    /// <summary>Three-valued rule on platform information bits (C35).</summary>
    public PlatformInfoRule? PlatformInfo { get; init; }

    /// <summary>Who must have signed the ID block, and the claims that only that signer gives meaning (C24, C28, C30).</summary>
    public SignerRule? Signer { get; init; }

    /// <summary>Expected HOST_DATA, 32 bytes (C27).</summary>
    public HexBytes? HostData { get; init; }

    /// <summary>TCB floors (C36, C37, C39). Empty states nothing; once one is stated, a product without a floor is refused.</summary>
    public IReadOnlyList<TcbFloor> TcbFloors { get; init; } = [];

    /// <summary>Least version of both the current and the committed firmware (C40). Resists a rollback by the host.</summary>
    public FirmwareVersion? MinFirmware { get; init; }

    /// <summary>Least version of the current firmware alone, for hosts that commit later than they update (C40).</summary>
    public FirmwareVersion? MinCurrentFirmware { get; init; }

    /// <summary>Mitigation bits that must be set both at launch and now (C41). Reports below version 5 do not state them and fail, whatever bits are demanded.</summary>
    public ulong? RequiredMitigations { get; init; }

    /// <summary>Cloud providers whose VLEK is allowed, exact text (C42). Says nothing of reports signed by a VCEK.</summary>
    public IReadOnlySet<string>? CspIds { get; init; }

    /// <summary>Allowed kinds of the key that signed the report (C47).</summary>
    public IReadOnlySet<KeyKind>? SigningKeys { get; init; }

    /// <summary>Allowed product lines (C43).</summary>
    public IReadOnlySet<ProductLine>? Products { get; init; }

    /// <summary>Allowed chips by CHIP_ID, 64 bytes, or without the zeros behind it (C43). A masked CHIP_ID is none of them.</summary>
    public IReadOnlySet<HexBytes>? AllowedChips { get; init; }

    /// <summary>Refused chips by CHIP_ID, 64 bytes, or without the zeros behind it (C43). Once one is stated, a masked CHIP_ID is refused too.</summary>
    public IReadOnlySet<HexBytes>? DeniedChips { get; init; }
}

/// <summary>A rule on guest policy bits: each bit is required, forbidden, or (in neither set) of no concern.</summary>
/// <param name="Required">Bits that must be set.</param>
/// <param name="Forbidden">Bits that must be clear.</param>
/// <param name="MinAbiMajor">Least ABI major version demanded by the guest policy; compared together with the minor one.</param>
/// <param name="MinAbiMinor">Least ABI minor version.</param>
public sealed record GuestPolicyRule(
    GuestPolicyBits Required = GuestPolicyBits.None,
    GuestPolicyBits Forbidden = GuestPolicyBits.None,
    byte MinAbiMajor = 0,
    byte MinAbiMinor = 0);

/// <summary>A rule on platform information bits: each bit is required, forbidden, or (in neither set) of no concern.</summary>
/// <param name="Required">Bits that must be set.</param>
/// <param name="Forbidden">Bits that must be clear; may name bits without a published meaning.</param>
public sealed record PlatformInfoRule(PlatformInfoBits Required = PlatformInfoBits.None, PlatformInfoBits Forbidden = PlatformInfoBits.None);

/// <summary>A rule on the ID block's signer. A minimum SVN or ids can be stated only together with the keys that give them meaning.</summary>
public abstract record SignerRule
{
    private SignerRule()
    {
    }

    /// <summary>No ID block may have been used: both digests are zero.</summary>
    public sealed record NoIdBlock : SignerRule;

    /// <summary>The ID key or the author key must be one of those named.</summary>
    /// <param name="IdKeyDigests">Accepted ID key digests (SHA-384 of AMD's key structure); never the zero digest.</param>
    /// <param name="AuthorKeyDigests">Accepted author key digests, which count only with AUTHOR_KEY_EN; never the zero digest.</param>
    public sealed record Pinned(IReadOnlySet<Digest384> IdKeyDigests, IReadOnlySet<Digest384> AuthorKeyDigests) : SignerRule
    {
        /// <summary>Least GUEST_SVN (C24).</summary>
        public uint MinGuestSvn { get; init; }

        /// <summary>Expected FAMILY_ID, 16 bytes (C30).</summary>
        public HexBytes? FamilyId { get; init; }

        /// <summary>Expected IMAGE_ID, 16 bytes (C30).</summary>
        public HexBytes? ImageId { get; init; }
    }
}

/// <summary>
/// Least TCB for a product line. Microcode numbers are not comparable between steppings: a floor can be limited to one CPU, and the
/// most specific floor that fits, within one set of constraints, is the one that holds; what it leaves out of the three is as the
/// floor of its product line says. A report of version 2 does not name its CPU: it must meet every floor of its product line.
/// </summary>
/// <param name="Product">The product line.</param>
/// <param name="Cpu">The family, model and stepping it is for, or null for the whole product line.</param>
/// <param name="Reported">Floor of REPORTED_TCB, or null.</param>
/// <param name="Committed">Floor of COMMITTED_TCB, or null. The one that resists a rollback by the host.</param>
/// <param name="Launch">Floor of LAUNCH_TCB, or null.</param>
public sealed record TcbFloor(ProductLine Product, CpuSignature? Cpu, TcbVersion? Reported, TcbVersion? Committed, TcbVersion? Launch);
