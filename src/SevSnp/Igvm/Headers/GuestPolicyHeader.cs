using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

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
    public static GuestPolicyHeader Read(ReadOnlySpan<byte> body)
    {
        FieldReader fields = new(body[..Size]);
        return new(fields.UInt64(), fields.UInt32(), fields.UInt32());
    }

    /// <summary>Encodes the fields.</summary>
    /// <returns><see cref="Size"/> bytes, little endian.</returns>
    public byte[] ToBytes() => new FieldWriter(Size).Add(Policy).Add(CompatibilityMask).Add(Reserved).ToArray();
}
