using System.Buffers.Binary;

namespace SevSnp.Tests.Verification;

/// <summary>The smallest bytes that parse as a report: version 2, policy 0x30000, everything else zero. Nobody signed it.</summary>
internal static class MinimalReport
{
    public static byte[] Create()
    {
        byte[] report = new byte[1184];
        BinaryPrimitives.WriteUInt32LittleEndian(report, 2);
        BinaryPrimitives.WriteUInt64LittleEndian(report.AsSpan(0x08), 0x30000);
        BinaryPrimitives.WriteUInt32LittleEndian(report.AsSpan(0x34), 1);
        return report;
    }

    /// <summary>With R and S, given big endian, at most 72 bytes each.</summary>
    public static byte[] WithSignature(byte[] r, byte[] s) => Create().SetSignature(r, s);

    /// <summary>Replaces R and S, given big endian, at most 72 bytes each.</summary>
    public static byte[] SetSignature(this byte[] report, byte[] r, byte[] s)
    {
        byte[] changed = [.. report];
        changed.AsSpan(0x2A0, 144).Clear();
        r.Reverse().ToArray().CopyTo(changed, 0x2A0);
        s.Reverse().ToArray().CopyTo(changed, 0x2E8);
        return changed;
    }
}
