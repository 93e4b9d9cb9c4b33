using System.Buffers.Binary;
using SevSnp.Launch;

namespace Verifier.TestKit;

/// <summary>Writes the fields of a report where AMD 56860 has them.</summary>
internal static class ReportFields
{
    public static void Write(ReportBuilder fields, Span<byte> report)
    {
        UInt32(report, 0x000, fields.Version);
        UInt32(report, 0x004, fields.GuestSvn);
        UInt64(report, 0x008, fields.Policy);
        Bytes(report, 0x010, fields.FamilyId, 16);
        Bytes(report, 0x020, fields.ImageId, 16);
        UInt32(report, 0x030, fields.Vmpl);
        UInt32(report, 0x034, fields.SignatureAlgo);
        Tcb(report, 0x038, fields.CurrentTcb);
        UInt64(report, 0x040, fields.PlatformInfo);
        UInt32(report, 0x048, (fields.AuthorKeyEnabled ? 1U : 0) | (fields.MaskChipKey ? 2U : 0) | (fields.SigningKey << 2));
        Bytes(report, 0x050, fields.ReportData, 64);
        Bytes(report, 0x090, fields.Measurement, 48);
        Bytes(report, 0x0C0, fields.HostData, 32);
        Bytes(report, 0x0E0, fields.IdKeyDigest, 48);
        Bytes(report, 0x110, fields.AuthorKeyDigest, 48);
        Bytes(report, 0x140, fields.ReportId, 32);
        Bytes(report, 0x160, fields.ReportIdMa, 32);
        Tcb(report, 0x180, fields.ReportedTcb);
        if (fields.Version != 2)
        {
            Bytes(report, 0x188, [fields.Cpu.Family, fields.Cpu.Model, fields.Cpu.Stepping], 3);
        }

        Bytes(report, 0x1A0, fields.ChipId, 64);
        Tcb(report, 0x1E0, fields.CommittedTcb);
        Firmware(report, 0x1E8, fields.CurrentFirmware);
        Firmware(report, 0x1EC, fields.CommittedFirmware);
        Tcb(report, 0x1F0, fields.LaunchTcb);
        if (fields.Version == 5)
        {
            UInt64(report, 0x1F8, fields.LaunchMitigations);
            UInt64(report, 0x200, fields.CurrentMitigations);
        }
    }

    private static void UInt32(Span<byte> report, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(report[offset..], value);

    private static void UInt64(Span<byte> report, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(report[offset..], value);

    private static void Firmware(Span<byte> report, int offset, FirmwareVersion version) =>
        Bytes(report, offset, [version.Build, version.Minor, version.Major], 3);

    private static void Tcb(Span<byte> report, int offset, TcbVersion tcb) => Bytes(
        report,
        offset,
        tcb.Layout == TcbLayout.Turin
            ? [tcb.Fmc, tcb.BootLoader, tcb.Tee, tcb.Snp, 0, 0, 0, tcb.Microcode]
            : [tcb.BootLoader, tcb.Tee, 0, 0, 0, 0, tcb.Snp, tcb.Microcode],
        8);

    private static void Bytes(Span<byte> report, int offset, byte[] value, int length)
    {
        if (value.Length != length)
        {
            throw new ArgumentException($"The field at 0x{offset:X3} has {length} bytes, not {value.Length}.", nameof(value));
        }

        value.CopyTo(report[offset..]);
    }
}
