using SevSnp.Certificates;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Primitives;
using SevSnp.Reports;

namespace SevSnp.Results;

/// <summary>What an authentic report states. There is none for a report that is not authentic: its fields may be forged.</summary>
public sealed class EvidenceClaims
{
    private readonly AttestationReport _report;
    private readonly EndorsementKey _key;

    private EvidenceClaims(AttestationReport report, EndorsementKey key, TcbVersions tcbs)
    {
        _report = report;
        _key = key;
        Tcbs = tcbs;
    }

    /// <summary>Version of the report, 2 to 5.</summary>
    public uint ReportVersion => _report.Version;

    /// <summary>The product line.</summary>
    public ProductLine Product => _key.Product;

    /// <summary>Kind of the key that signed.</summary>
    public KeyKind SigningKey => _key.Kind;

    /// <summary>The cloud provider that a VLEK names; null for a VCEK.</summary>
    public string? CspId => _key.Content.CspId;

    /// <summary>True when the root is not AMD's but one configured for simulation.</summary>
    public bool IsUnsafeExtraRoot => _key.IsUnsafeExtraRoot;

    /// <summary>The launch measurement, 48 bytes.</summary>
    public Digest384 Measurement => _report.Measurement;

    /// <summary>The privilege level that asked for the report.</summary>
    public uint Vmpl => _report.Vmpl;

    /// <summary>The guest policy.</summary>
    public GuestPolicy Policy => _report.Policy;

    /// <summary>The platform information.</summary>
    public PlatformInfo PlatformInfo => _report.PlatformInfo;

    /// <summary>REPORT_DATA, 64 bytes.</summary>
    public HexBytes ReportData => _report.ReportData;

    /// <summary>HOST_DATA, 32 bytes.</summary>
    public HexBytes HostData => _report.HostData;

    /// <summary>GUEST_SVN of the ID block.</summary>
    public uint GuestSvn => _report.GuestSvn;

    /// <summary>FAMILY_ID of the ID block, 16 bytes.</summary>
    public HexBytes FamilyId => _report.FamilyId;

    /// <summary>IMAGE_ID of the ID block, 16 bytes.</summary>
    public HexBytes ImageId => _report.ImageId;

    /// <summary>The keys behind the ID block: the ID key, then the author key where there is one. None without an ID block.</summary>
    public IReadOnlyList<Digest384> IdBlockSigners => _report.IdBlockSigners;

    /// <summary>The four TCB versions.</summary>
    public TcbVersions Tcbs { get; }

    /// <summary>The firmware version in force.</summary>
    public FirmwareVersion CurrentFirmware => _report.CurrentFirmware;

    /// <summary>The firmware version that the host can no longer go back below.</summary>
    public FirmwareVersion CommittedFirmware => _report.CommittedFirmware;

    /// <summary>CHIP_ID, 64 bytes; null when masked. It tells one machine from all others, so that a result names it only where that is wanted.</summary>
    public HexBytes? ChipId => _report.ChipId.IsZero ? null : _report.ChipId;

    internal static EvidenceClaims? Of(AttestationVerdict verdict) =>
        verdict is { IsReportAuthentic: true, Endorsement: { } key, Tcbs: { } tcbs } ? new EvidenceClaims(verdict.Report, key, tcbs) : null;
}
