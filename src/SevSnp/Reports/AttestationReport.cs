using System.Diagnostics.CodeAnalysis;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Reports;

/// <summary>
/// An attestation report (AMD 56860, ATTESTATION_REPORT), parsed strictly from bytes and held as received: 1184 bytes in a private
/// copy. Nothing here is authentic; <see cref="Verification.VerifiedReport"/> is.
/// </summary>
public sealed class AttestationReport
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x4A0;

    private AttestationReport()
    {
    }

    /// <summary>2, 3, 4 or 5.</summary>
    public uint Version => throw new NotSupportedException();

    /// <summary>GUEST_SVN, chosen by whoever wrote the ID block; 0 without one.</summary>
    public uint GuestSvn => throw new NotSupportedException();

    /// <summary>Guest policy.</summary>
    public GuestPolicy Policy => throw new NotSupportedException();

    /// <summary>FAMILY_ID, 16 bytes.</summary>
    public HexBytes FamilyId => throw new NotSupportedException();

    /// <summary>IMAGE_ID, 16 bytes.</summary>
    public HexBytes ImageId => throw new NotSupportedException();

    /// <summary>0 to 3; 0xFFFFFFFF when the host asked for the report.</summary>
    public uint Vmpl => throw new NotSupportedException();

    /// <summary>Platform information.</summary>
    public PlatformInfo PlatformInfo => throw new NotSupportedException();

    /// <summary>Which key signed the report, as it says.</summary>
    public KeyKind SigningKey => throw new NotSupportedException();

    /// <summary>AUTHOR_KEY_EN: <see cref="AuthorKeyDigest"/> has a meaning.</summary>
    public bool AuthorKeyEnabled => throw new NotSupportedException();

    /// <summary>MASK_CHIP_KEY: reports by the chip's key are not signed.</summary>
    public bool ChipKeyMasked => throw new NotSupportedException();

    /// <summary>REPORT_DATA, 64 bytes chosen by the guest.</summary>
    public HexBytes ReportData => throw new NotSupportedException();

    /// <summary>Launch measurement.</summary>
    public Digest384 Measurement => throw new NotSupportedException();

    /// <summary>HOST_DATA, 32 bytes chosen by the host.</summary>
    public HexBytes HostData => throw new NotSupportedException();

    /// <summary>ID_KEY_DIGEST; zero without an ID block.</summary>
    public Digest384 IdKeyDigest => throw new NotSupportedException();

    /// <summary>AUTHOR_KEY_DIGEST; zero without an author key.</summary>
    public Digest384 AuthorKeyDigest => throw new NotSupportedException();

    /// <summary>REPORT_ID, 32 bytes, random for each guest launch.</summary>
    public HexBytes ReportId => throw new NotSupportedException();

    /// <summary>REPORT_ID_MA, 32 bytes, all 0xFF without a migration agent.</summary>
    public HexBytes ReportIdMa => throw new NotSupportedException();

    /// <summary>CHIP_ID, 64 bytes; zero when masked.</summary>
    public HexBytes ChipId => throw new NotSupportedException();

    /// <summary>CPU family, model and stepping; null in version 2.</summary>
    public CpuSignature? Cpu => throw new NotSupportedException();

    /// <summary>The product line of <see cref="Cpu"/>; unknown in version 2 and for CPUs this library does not know.</summary>
    public ProductLine CpuProduct => throw new NotSupportedException();

    /// <summary>Firmware version now.</summary>
    public FirmwareVersion CurrentFirmware => throw new NotSupportedException();

    /// <summary>Committed firmware version.</summary>
    public FirmwareVersion CommittedFirmware => throw new NotSupportedException();

    /// <summary>Mitigations active at launch; null below version 5.</summary>
    public ulong? LaunchMitigations => throw new NotSupportedException();

    /// <summary>Mitigations active now; null below version 5.</summary>
    public ulong? CurrentMitigations => throw new NotSupportedException();

    /// <summary>Identity of the evidence: SHA-384 of <see cref="SignedBytes"/>. Equal for the two equivalent signatures of ECDSA.</summary>
    public Digest384 EvidenceId => throw new NotSupportedException();

    /// <summary>All 1184 bytes as received.</summary>
    public ReadOnlySpan<byte> Bytes => throw new NotSupportedException();

    /// <summary>The 672 signed bytes 0x000 to 0x29F as received.</summary>
    public ReadOnlySpan<byte> SignedBytes => throw new NotSupportedException();

    /// <summary>Parses a report.</summary>
    /// <param name="input">The bytes; a private copy is made.</param>
    /// <param name="report">The report.</param>
    /// <param name="fault">Which rule was broken, where.</param>
    /// <returns>True when every rule of the format holds.</returns>
    public static bool TryParse(ReadOnlySpan<byte> input, [NotNullWhen(true)] out AttestationReport? report, out EvidenceFault fault) => throw new NotSupportedException();

    /// <summary>Decodes the four TCB versions. A report of version 3 and later has been shown to fit its own product's layout.</summary>
    /// <param name="layout">The layout, which the product decides.</param>
    /// <param name="tcbs">The versions.</param>
    /// <param name="fault">Which reserved byte was not zero.</param>
    /// <returns>True when the reserved bytes of all four are zero.</returns>
    public bool TryDecodeTcbs(TcbLayout layout, out TcbVersions tcbs, out EvidenceFault fault) => throw new NotSupportedException();
}
