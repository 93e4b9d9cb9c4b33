using System.Buffers.Binary;

namespace SevSnp.Igvm;

/// <summary>
/// Layout of the ID block of SEV-SNP in a file (IGVM_VHS_SNP_ID_BLOCK), 696 bytes. Only what the format itself rules about is decoded;
/// the block, its keys and signatures have readers of their own.
/// </summary>
public static class SnpIdBlockHeader
{
    /// <summary>Exact length in bytes.</summary>
    public const int Size = 0x2B8;

    /// <summary>Offset of the flag that an author key is used; one byte.</summary>
    public const int AuthorKeyEnabledOffset = 0x04;

    /// <summary>Offset of three reserved bytes.</summary>
    public const int ReservedOffset = 0x05;

    /// <summary>Offset of the launch digest, 48 bytes; family id, image id, version and guest SVN follow as in the block that is signed.</summary>
    public const int LaunchDigestOffset = 0x08;

    /// <summary>Offset of the ID key's algorithm; 4 bytes. Ends what is signed.</summary>
    public const int IdKeyAlgorithmOffset = 0x60;

    /// <summary>Offset of the ID key's signature: R and S, 72 bytes each, little endian.</summary>
    public const int IdKeySignatureOffset = 0x68;

    /// <summary>Offset of the ID key: curve and four reserved bytes, then QX and QY, 72 bytes each, little endian.</summary>
    public const int IdPublicKeyOffset = 0xF8;

    /// <summary>Offset of the author key, in the form of the ID key.</summary>
    public const int AuthorPublicKeyOffset = 0x220;

    /// <summary>Offset of the author key's algorithm; 4 bytes.</summary>
    public const int AuthorKeyAlgorithmOffset = 0x64;

    /// <summary>Offset of the author key's signature and public key, which end the block.</summary>
    public const int AuthorFieldsOffset = 0x190;

    /// <summary>The platforms that a block is for.</summary>
    /// <param name="body">At least <see cref="Size"/> bytes.</param>
    /// <returns>The compatibility mask.</returns>
    public static uint CompatibilityMask(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadUInt32LittleEndian(body);
}
