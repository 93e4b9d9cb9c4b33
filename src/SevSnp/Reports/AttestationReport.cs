using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Primitives;
using Layout = SevSnp.Reports.ReportLayout;

namespace SevSnp.Reports;

/// <summary>
/// An attestation report (AMD 56860, ATTESTATION_REPORT), parsed strictly from bytes and held as received: 1184 bytes in a private
/// copy. Nothing here is authentic; a verified report is a type of its own.
/// </summary>
public sealed class AttestationReport
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x4A0;

    private readonly byte[] _bytes;

    private AttestationReport(byte[] bytes)
    {
        _bytes = bytes;
        Span<byte> id = stackalloc byte[Digest384.Size];
        SHA384.HashData(SignedBytes, id);
        EvidenceId = new Digest384(id);
    }

    /// <summary>2, 3, 4 or 5.</summary>
    public uint Version => UInt32(Layout.Version);

    /// <summary>GUEST_SVN, chosen by whoever wrote the ID block; 0 without one.</summary>
    public uint GuestSvn => UInt32(Layout.GuestSvn);

    /// <summary>Guest policy.</summary>
    public GuestPolicy Policy => new(UInt64(Layout.Policy));

    /// <summary>FAMILY_ID, 16 bytes.</summary>
    public HexBytes FamilyId => Field(Layout.FamilyId, 16);

    /// <summary>IMAGE_ID, 16 bytes.</summary>
    public HexBytes ImageId => Field(Layout.ImageId, 16);

    /// <summary>0 to 3; 0xFFFFFFFF when the host asked for the report.</summary>
    public uint Vmpl => UInt32(Layout.Vmpl);

    /// <summary>Platform information.</summary>
    public PlatformInfo PlatformInfo => new(UInt64(Layout.PlatformInfo));

    /// <summary>Which key signed the report, as it says.</summary>
    public KeyKind SigningKey => ((UInt32(Layout.KeyInfo) >> 2) & 7) switch
    {
        Layout.SigningKeyVcek => KeyKind.Vcek,
        Layout.SigningKeyVlek => KeyKind.Vlek,
        _ => KeyKind.None,
    };

    /// <summary>AUTHOR_KEY_EN: <see cref="AuthorKeyDigest"/> has a meaning.</summary>
    public bool AuthorKeyEnabled => (UInt32(Layout.KeyInfo) & Layout.AuthorKeyEn) != 0;

    /// <summary>MASK_CHIP_KEY: reports by the chip's key are not signed.</summary>
    public bool ChipKeyMasked => (UInt32(Layout.KeyInfo) & Layout.MaskChipKey) != 0;

    /// <summary>REPORT_DATA, 64 bytes chosen by the guest.</summary>
    public HexBytes ReportData => Field(Layout.ReportData, 64);

    /// <summary>Launch measurement.</summary>
    public Digest384 Measurement => Digest(Layout.Measurement);

    /// <summary>HOST_DATA, 32 bytes chosen by the host.</summary>
    public HexBytes HostData => Field(Layout.HostData, 32);

    /// <summary>ID_KEY_DIGEST; zero without an ID block.</summary>
    public Digest384 IdKeyDigest => Digest(Layout.IdKeyDigest);

    /// <summary>AUTHOR_KEY_DIGEST; zero without an author key.</summary>
    public Digest384 AuthorKeyDigest => Digest(Layout.AuthorKeyDigest);

    /// <summary>
    /// The keys that stand behind the ID block, as SHA-384 of AMD's key structure: the ID key unless its digest is zero, and the author
    /// key when AUTHOR_KEY_EN says that there is one. None without an ID block.
    /// </summary>
    public IReadOnlyList<Digest384> IdBlockSigners =>
        IdKeyDigest.IsZero ? [] : AuthorKeyEnabled && !AuthorKeyDigest.IsZero ? [IdKeyDigest, AuthorKeyDigest] : [IdKeyDigest];

    /// <summary>REPORT_ID, 32 bytes, random for each guest launch.</summary>
    public HexBytes ReportId => Field(Layout.ReportId, 32);

    /// <summary>REPORT_ID_MA, 32 bytes, all 0xFF without a migration agent.</summary>
    public HexBytes ReportIdMa => Field(Layout.ReportIdMa, 32);

    /// <summary>CHIP_ID, 64 bytes; zero when masked.</summary>
    public HexBytes ChipId => Field(Layout.ChipId, 64);

    /// <summary>CPU family, model and stepping; null in version 2.</summary>
    public CpuSignature? Cpu => Version < 3 ? null : new CpuSignature(_bytes[Layout.CpuFamily], _bytes[Layout.CpuModel], _bytes[Layout.CpuStepping]);

    /// <summary>The product line of <see cref="Cpu"/>; unknown in version 2 and for CPUs this library does not know.</summary>
    public ProductLine CpuProduct => Cpu is { } cpu ? ProductLines.FromCpu(cpu) : ProductLine.Unknown;

    /// <summary>Firmware version now.</summary>
    public FirmwareVersion CurrentFirmware => Firmware(Layout.CurrentBuild);

    /// <summary>Committed firmware version.</summary>
    public FirmwareVersion CommittedFirmware => Firmware(Layout.CommittedBuild);

    /// <summary>Mitigations active at launch; null below version 5.</summary>
    public ulong? LaunchMitigations => Version < 5 ? null : UInt64(Layout.LaunchMitVector);

    /// <summary>Mitigations active now; null below version 5.</summary>
    public ulong? CurrentMitigations => Version < 5 ? null : UInt64(Layout.CurrentMitVector);

    /// <summary>Identity of the evidence: SHA-384 of <see cref="SignedBytes"/>. Equal for the two equivalent signatures of ECDSA.</summary>
    public Digest384 EvidenceId { get; }

    /// <summary>All 1184 bytes as received.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The 672 signed bytes 0x000 to 0x29F as received.</summary>
    public ReadOnlySpan<byte> SignedBytes => _bytes.AsSpan(0, Layout.SignatureR);

    /// <summary>Parses a report.</summary>
    /// <param name="input">The bytes; a private copy is made.</param>
    /// <param name="report">The report.</param>
    /// <param name="fault">Which rule was broken, where.</param>
    /// <returns>True when every rule of the format holds.</returns>
    public static bool TryParse(ReadOnlySpan<byte> input, [NotNullWhen(true)] out AttestationReport? report, out EvidenceFault fault)
    {
        report = null;
        if (input.Length != Size)
        {
            fault = new EvidenceFault(CheckId.ReportLengthIsExact, "report", -1, $"must be exactly {Size} bytes long, is {input.Length}");
            return false;
        }

        AttestationReport candidate = new(input.ToArray());
        if (ReportRules.FirstFault(candidate) is { } found)
        {
            fault = found;
            return false;
        }

        fault = default;
        report = candidate;
        return true;
    }

    /// <summary>Decodes the four TCB versions. A report of version 3 and later has been shown to fit its own product's layout.</summary>
    /// <param name="layout">The layout, which the product decides.</param>
    /// <param name="tcbs">The versions.</param>
    /// <param name="fault">Which reserved byte was not zero.</param>
    /// <returns>True when the reserved bytes of all four are zero.</returns>
    public bool TryDecodeTcbs(TcbLayout layout, out TcbVersions tcbs, out EvidenceFault fault)
    {
        tcbs = default;
        fault = default;
        if (!TryTcb("CURRENT_TCB", Layout.CurrentTcb, layout, out TcbVersion current, ref fault)
            || !TryTcb("REPORTED_TCB", Layout.ReportedTcb, layout, out TcbVersion reported, ref fault)
            || !TryTcb("COMMITTED_TCB", Layout.CommittedTcb, layout, out TcbVersion committed, ref fault)
            || !TryTcb("LAUNCH_TCB", Layout.LaunchTcb, layout, out TcbVersion launch, ref fault))
        {
            return false;
        }

        tcbs = new TcbVersions(current, reported, committed, launch);
        return true;
    }

    internal uint UInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(offset, 4));

    private ulong UInt64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(offset, 8));

    private HexBytes Field(int offset, int length) => new(_bytes.AsSpan(offset, length));

    private Digest384 Digest(int offset) => new(_bytes.AsSpan(offset, Digest384.Size));

    // In memory: build, minor, major.
    private FirmwareVersion Firmware(int offset) => new(_bytes[offset + 2], _bytes[offset + 1], _bytes[offset]);

    private bool TryTcb(string field, int offset, TcbLayout layout, out TcbVersion tcb, ref EvidenceFault fault)
    {
        if (TcbVersion.TryDecode(_bytes.AsSpan(offset, TcbVersion.Size), layout, out tcb, out int bad))
        {
            return true;
        }

        fault = new EvidenceFault(
            CheckId.TcbReservedBytesAreZero, field, offset + bad, $"reserved byte must be zero in the {layout} layout, is 0x{_bytes[offset + bad]:x2}");
        return false;
    }
}
