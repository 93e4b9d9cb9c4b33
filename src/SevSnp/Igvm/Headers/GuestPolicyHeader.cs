using System.Buffers.Binary;

namespace SevSnp.Igvm;

/// <summary>The guest policy (IGVM_VHS_GUEST_POLICY), 16 bytes.</summary>
/// <param name="Policy">The policy bits; for SEV-SNP the guest policy of the firmware ABI.</param>
/// <param name="CompatibilityMask">The platforms it is for.</param>
/// <param name="Reserved">Zero.</param>
public readonly record struct GuestPolicyHeader(
    ulong Policy, uint CompatibilityMask, uint Reserved)
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x10;

    /// <summary>Decodes the bytes behind type and length.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes, little endian.</param>
    /// <returns>The fields as they are in the file.</returns>
    public static GuestPolicyHeader Read(ReadOnlySpan<byte> body) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(body),
        BinaryPrimitives.ReadUInt32LittleEndian(body[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(body[0xC..]));

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        Span<byte> body = bytes;
        BinaryPrimitives.WriteUInt64LittleEndian(body, Policy);
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], CompatibilityMask);
        BinaryPrimitives.WriteUInt32LittleEndian(body[0xC..], Reserved);
        return bytes;
    }
}
