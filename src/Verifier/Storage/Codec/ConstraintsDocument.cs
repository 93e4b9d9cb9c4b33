using SevSnp.Launch;

namespace Verifier.Service.Storage.Codec;

/// <summary>
/// Constraints as they are stored. An absent member states nothing, an empty list allows nothing: the two must never be mixed up, so
/// every list is nullable. Byte strings are hexadecimal.
/// </summary>
internal sealed record ConstraintsDocument
{
    public uint? MinReportVersion { get; init; }

    public uint[]? Vmpls { get; init; }

    public GuestPolicyDocument? GuestPolicy { get; init; }

    public PlatformInfoDocument? PlatformInfo { get; init; }

    public SignerDocument? Signer { get; init; }

    public string? HostData { get; init; }

    public TcbFloorDocument[]? TcbFloors { get; init; }

    public FirmwareDocument? MinFirmware { get; init; }

    public FirmwareDocument? MinCurrentFirmware { get; init; }

    public KeyKind[]? SigningKeys { get; init; }

    public ulong? RequiredMitigations { get; init; }

    public string[]? CspIds { get; init; }

    public ProductLine[]? Products { get; init; }

    public string[]? AllowedChips { get; init; }

    public string[]? DeniedChips { get; init; }
}

/// <summary>Guest policy bits that must be set or clear, as numbers.</summary>
internal sealed record GuestPolicyDocument
{
    public required ulong Required { get; init; }

    public required ulong Forbidden { get; init; }

    public required byte MinAbiMajor { get; init; }

    public required byte MinAbiMinor { get; init; }
}

/// <summary>Platform information bits that must be set or clear, as numbers.</summary>
internal sealed record PlatformInfoDocument
{
    public required ulong Required { get; init; }

    public required ulong Forbidden { get; init; }
}

/// <summary>How the signer of the ID block is ruled.</summary>
internal enum SignerKind
{
    NoIdBlock = 1,
    Pinned = 2,
}

/// <summary>The rule on the ID block's signer. The lists are present with <see cref="SignerKind.Pinned"/> only.</summary>
internal sealed record SignerDocument
{
    public required SignerKind Kind { get; init; }

    public string[]? IdKeyDigests { get; init; }

    public string[]? AuthorKeyDigests { get; init; }

    public uint? MinGuestSvn { get; init; }

    public string? FamilyId { get; init; }

    public string? ImageId { get; init; }
}

/// <summary>A TCB floor; the CPU is family, model, stepping.</summary>
internal sealed record TcbFloorDocument
{
    public required ProductLine Product { get; init; }

    public CpuDocument? Cpu { get; init; }

    public TcbDocument? Reported { get; init; }

    public TcbDocument? Committed { get; init; }

    public TcbDocument? Launch { get; init; }
}

/// <summary>Family, model and stepping.</summary>
internal sealed record CpuDocument
{
    public required byte Family { get; init; }

    public required byte Model { get; init; }

    public required byte Stepping { get; init; }
}

/// <summary>A TCB version by component.</summary>
internal sealed record TcbDocument
{
    public required TcbLayout Layout { get; init; }

    public required byte Fmc { get; init; }

    public required byte BootLoader { get; init; }

    public required byte Tee { get; init; }

    public required byte Snp { get; init; }

    public required byte Microcode { get; init; }
}

/// <summary>A firmware version.</summary>
internal sealed record FirmwareDocument
{
    public required byte Major { get; init; }

    public required byte Minor { get; init; }

    public required byte Build { get; init; }
}
