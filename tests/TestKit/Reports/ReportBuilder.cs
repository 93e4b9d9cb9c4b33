using System.Security.Cryptography;
using System.Text;
using SevSnp.Launch;

namespace Verifier.TestKit;

/// <summary>
/// An attestation report (AMD 56860) to be signed by a <see cref="SimulatedKey"/>. The defaults are a good guest: COCONUT-SVSM-like,
/// VMPL 0, no debugging, alias check done. Offsets stand here a second time on purpose: a slip in the library's own table must not
/// cancel itself out.
/// </summary>
public sealed record ReportBuilder
{
    /// <summary>Length of a report in bytes.</summary>
    public const int Size = 1184;

    /// <summary>Number of signed bytes, and so the offset of R.</summary>
    public const int SignedSize = 0x2A0;

    /// <summary>The launch measurement of a good guest.</summary>
    public static byte[] DefaultMeasurement => SHA384.HashData(Encoding.UTF8.GetBytes("simulated coconut-svsm 2026.11"));

    /// <summary>REPORT_DATA of a good guest.</summary>
    public static byte[] DefaultReportData => SHA512.HashData(Encoding.UTF8.GetBytes("simulated nonce"));

    public uint Version { get; init; } = 5;

    public uint GuestSvn { get; init; }

    public ulong Policy { get; init; } = 0x30000;

    public byte[] FamilyId { get; init; } = new byte[16];

    public byte[] ImageId { get; init; } = new byte[16];

    public uint Vmpl { get; init; }

    public uint SignatureAlgo { get; init; } = 1;

    public ulong PlatformInfo { get; init; } = 0x25;

    public bool AuthorKeyEnabled { get; init; }

    public bool MaskChipKey { get; init; }

    /// <summary>SIGNING_KEY, 0 to 7: 0 VCEK, 1 VLEK, 7 none.</summary>
    public uint SigningKey { get; init; }

    public byte[] ReportData { get; init; } = DefaultReportData;

    public byte[] Measurement { get; init; } = DefaultMeasurement;

    public byte[] HostData { get; init; } = new byte[32];

    public byte[] IdKeyDigest { get; init; } = new byte[48];

    public byte[] AuthorKeyDigest { get; init; } = new byte[48];

    public byte[] ReportId { get; init; } = SHA256.HashData(Encoding.UTF8.GetBytes("simulated guest"));

    public byte[] ReportIdMa { get; init; } = [.. Enumerable.Repeat((byte)0xFF, 32)];

    /// <summary>Family, model and stepping; not written in version 2.</summary>
    public CpuSignature Cpu { get; init; } = new(0x19, 0x01, 1);

    public byte[] ChipId { get; init; } = new byte[64];

    public TcbVersion CurrentTcb { get; init; }

    public TcbVersion ReportedTcb { get; init; }

    public TcbVersion CommittedTcb { get; init; }

    public TcbVersion LaunchTcb { get; init; }

    public FirmwareVersion CurrentFirmware { get; init; } = new(1, 58, 0);

    public FirmwareVersion CommittedFirmware { get; init; } = new(1, 58, 0);

    /// <summary>Written in version 5 only.</summary>
    public ulong LaunchMitigations { get; init; } = 0x0F;

    /// <summary>Written in version 5 only.</summary>
    public ulong CurrentMitigations { get; init; } = 0x0F;

    /// <summary>Bytes written over all fields before signing.</summary>
    public IReadOnlyList<(int Offset, byte[] Bytes)> Patches { get; init; } = [];

    /// <summary>A good guest on the chip of a key, at that key's TCB.</summary>
    /// <param name="key">The key that will sign.</param>
    /// <param name="version">Report version.</param>
    /// <returns>The builder.</returns>
    public static ReportBuilder For(SimulatedKey key, uint version = 5)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new ReportBuilder
        {
            Version = version,
            SigningKey = key.Kind == KeyKind.Vlek ? 1U : 0U,
            PlatformInfo = version == 2 ? 0x01U : key.Chip.Product == ProductLine.Turin ? 0x65U : 0x25U,
            Cpu = key.Chip.Cpu,

            // Real reports signed by a VLEK show no chip.
            ChipId = key.Kind == KeyKind.Vlek ? new byte[64] : key.Chip.ChipId,
        }.WithTcb(key.Tcb);
    }

    /// <summary>Sets all four TCB versions.</summary>
    /// <param name="tcb">The version.</param>
    /// <returns>A changed builder.</returns>
    public ReportBuilder WithTcb(TcbVersion tcb) => this with { CurrentTcb = tcb, ReportedTcb = tcb, CommittedTcb = tcb, LaunchTcb = tcb };

    /// <summary>Writes raw bytes over the fields, before signing.</summary>
    /// <param name="offset">Offset in the report.</param>
    /// <param name="bytes">The bytes.</param>
    /// <returns>A changed builder.</returns>
    public ReportBuilder Patch(int offset, params byte[] bytes) => this with { Patches = [.. Patches, (offset, bytes)] };

    /// <summary>The report with an all-zero signature, as firmware gives it when no key may sign.</summary>
    /// <returns>1184 bytes.</returns>
    public byte[] Build()
    {
        byte[] report = new byte[Size];
        ReportFields.Write(this, report);
        foreach ((int offset, byte[] bytes) in Patches)
        {
            bytes.CopyTo(report, offset);
        }

        return report;
    }

    /// <summary>The report, signed over whatever it holds.</summary>
    /// <param name="key">The key.</param>
    /// <returns>1184 bytes.</returns>
    public byte[] Sign(SimulatedKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        byte[] report = Build();
        WriteSignature(report, key.Sign(report[..SignedSize]));
        return report;
    }

    /// <summary>Puts a signature into a report.</summary>
    /// <param name="report">1184 bytes.</param>
    /// <param name="signature">R then S, 48 bytes each, big endian.</param>
    public static void WriteSignature(byte[] report, ReadOnlySpan<byte> signature)
    {
        Span<byte> r = report.AsSpan(SignedSize, 48);
        Span<byte> s = report.AsSpan(SignedSize + 72, 48);
        signature[..48].CopyTo(r);
        signature[48..].CopyTo(s);
        r.Reverse();
        s.Reverse();
    }
}
