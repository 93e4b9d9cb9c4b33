using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.IdBlocks;

/// <summary>How an ID block stands to a launch, in the order in which the firmware compares.</summary>
public enum IdBlockMatch
{
    /// <summary>The measurement differs: the firmware refuses the launch with BAD_MEASUREMENT.</summary>
    MeasurementDiffers = 0,

    /// <summary>The guest policy differs: the firmware refuses the launch with POLICY_FAILURE.</summary>
    PolicyDiffers = 1,

    /// <summary>The ID block is for this launch.</summary>
    Matches = 2,
}

/// <summary>
/// The ID block, 96 bytes: what the holder of an ID key says of a guest (firmware ABI, SNP_LAUNCH_FINISH). The firmware launches only the
/// measurement and the policy named here, and copies family, image and SVN into the report. They are claims of whoever signed them.
/// </summary>
public sealed class IdBlock
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 0x60;

    /// <summary>Length in bytes of FAMILY_ID and of IMAGE_ID.</summary>
    public const int IdentifierSize = 16;

    /// <summary>The only version there is.</summary>
    public const uint Version = 1;

    private IdBlock(Digest384 measurement, HexBytes familyId, HexBytes imageId, uint guestSvn, GuestPolicy policy) =>
        (Measurement, FamilyId, ImageId, GuestSvn, Policy) = (measurement, familyId, imageId, guestSvn, policy);

    /// <summary>LD at 0x00: the launch measurement, 48 bytes.</summary>
    public Digest384 Measurement { get; }

    /// <summary>FAMILY_ID at 0x30, 16 bytes.</summary>
    public HexBytes FamilyId { get; }

    /// <summary>IMAGE_ID at 0x40, 16 bytes.</summary>
    public HexBytes ImageId { get; }

    /// <summary>GUEST_SVN at 0x54, u32 little endian: the security version of the guest.</summary>
    public uint GuestSvn { get; }

    /// <summary>POLICY at 0x58, u64 little endian.</summary>
    public GuestPolicy Policy { get; }

    /// <summary>Makes an ID block.</summary>
    /// <param name="measurement">The launch measurement.</param>
    /// <param name="familyId">Family, 16 bytes; null for zero.</param>
    /// <param name="imageId">Image, 16 bytes; null for zero.</param>
    /// <param name="guestSvn">Security version of the guest.</param>
    /// <param name="policy">Guest policy of the launch.</param>
    /// <param name="block">The ID block.</param>
    /// <param name="fault">Why it was refused.</param>
    /// <returns>True when the parts are well formed.</returns>
    public static bool TryCreate(
        Digest384 measurement,
        HexBytes? familyId,
        HexBytes? imageId,
        uint guestSvn,
        GuestPolicy policy,
        [NotNullWhen(true)] out IdBlock? block,
        out IdBlockFault fault)
    {
        HexBytes none = new(new byte[IdentifierSize]);
        if ((familyId ?? none).Length != IdentifierSize || (imageId ?? none).Length != IdentifierSize)
        {
            (block, fault) = (null, new(IdBlockFaultId.IdentifierIsMalformed, "FAMILY_ID, IMAGE_ID", -1, $"must each be {IdentifierSize} bytes long"));
            return false;
        }

        block = new IdBlock(measurement, familyId ?? none, imageId ?? none, guestSvn, policy);
        return TryParse(block.ToArray(), out block, out fault);
    }

    /// <summary>Reads an ID block. Every accepted input is what <see cref="ToArray"/> gives again.</summary>
    /// <param name="bytes">Exactly 96 bytes.</param>
    /// <param name="block">The ID block.</param>
    /// <param name="fault">Why it was refused.</param>
    /// <returns>True when it is well formed; nothing is known about its signature then.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out IdBlock? block, out IdBlockFault fault)
    {
        block = null;
        if (bytes.Length != Size)
        {
            fault = new(IdBlockFaultId.LengthIsWrong, "ID block", -1, $"must be exactly {Size} bytes long, is {bytes.Length}");
            return false;
        }

        StructureReader reader = new(bytes);
        Digest384 measurement = new(reader.Take(Digest384.Size));
        HexBytes familyId = new(reader.Take(IdentifierSize));
        HexBytes imageId = new(reader.Take(IdentifierSize));
        if (reader.UInt32() is var version and not Version)
        {
            reader.Fail(IdBlockFaultId.VersionIsUnknown, "VERSION", 0x50, $"must be {Version}, is {version}");
        }

        uint guestSvn = reader.UInt32();
        GuestPolicy policy = new(reader.UInt64());
        if (!policy.IsWellFormed)
        {
            reader.Fail(IdBlockFaultId.PolicyIsMalformed, "POLICY", 0x58, $"bit 17 must be one and bits 63 to 26 zero, is {policy}");
        }

        block = reader.IsGood ? new IdBlock(measurement, familyId, imageId, guestSvn, policy) : null;
        fault = reader.Fault;
        return block is not null;
    }

    /// <summary>The 96 bytes that the ID key signs.</summary>
    /// <returns>Bytes that the caller owns.</returns>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        Measurement.CopyTo(bytes);
        FamilyId.Span.CopyTo(bytes.AsSpan(0x30));
        ImageId.Span.CopyTo(bytes.AsSpan(0x40));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x50), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x54), GuestSvn);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(0x58), Policy.Raw);
        return bytes;
    }

    /// <summary>Compares with a launch as the firmware does before it looks at signatures.</summary>
    /// <param name="measurement">The measurement of the launch.</param>
    /// <param name="policy">The guest policy of the launch.</param>
    /// <returns>What differs first.</returns>
    public IdBlockMatch Compare(Digest384 measurement, GuestPolicy policy) =>
        measurement != Measurement ? IdBlockMatch.MeasurementDiffers
        : policy != Policy ? IdBlockMatch.PolicyDiffers
        : IdBlockMatch.Matches;
}
