using System.Buffers.Binary;
using SevSnp.Igvm;

namespace SevSnp.IdBlocks;

/// <summary>
/// The ID block that an IGVM file brings for SEV-SNP, put together as a loader does: the file keeps its fields apart, without the
/// policy, and each key with four reserved bytes that are neither signed nor hashed.
/// </summary>
public sealed class IgvmIdBlock
{
    private const int KeyReservedSize = 4;
    private const int NumbersSize = 2 * LittleNumber.Size;

    private IgvmIdBlock(long offset, IdBlock block, IdAuth? auth, IdBlockFault authFault) =>
        (Offset, Block, Auth, AuthFault) = (offset, block, auth, authFault);

    /// <summary>Offset in the file of the header's body, in bytes.</summary>
    public long Offset { get; }

    /// <summary>The ID block with the guest policy of the same platform.</summary>
    public IdBlock Block { get; }

    /// <summary>Keys and signatures; null when they are malformed, so that the block cannot be used.</summary>
    public IdAuth? Auth { get; }

    /// <summary>Why <see cref="Auth"/> is null. Its offset is that in an ID authentication page.</summary>
    public IdBlockFault AuthFault { get; }

    /// <summary>Looks for the ID block for SEV-SNP.</summary>
    /// <param name="file">The file.</param>
    /// <param name="found">The ID block, or null when the file has none.</param>
    /// <param name="fault">Why the file's ID block is refused.</param>
    /// <returns>False when the file has an ID block that is refused.</returns>
    public static bool TryFind(IgvmFile file, out IgvmIdBlock? found, out IdBlockFault fault)
    {
        ArgumentNullException.ThrowIfNull(file);
        (found, fault) = (null, default);
        uint mask = file.Platform(IgvmPlatformType.SevSnp)?.CompatibilityMask ?? 0;
        IgvmHeader[] headers = [.. file.Headers.Where(h =>
            h.RawType == (uint)IgvmHeaderType.SnpIdBlock && (SnpIdBlockHeader.CompatibilityMask(file.Body(h)) & mask) != 0)];
        if (headers.Length == 0)
        {
            return true;
        }

        fault = headers.Length > 1
            ? new(IdBlockFaultId.SeveralInFile, "SNP_ID_BLOCK", -1, $"there may be one for SEV-SNP, there are {headers.Length}")
            : Read(file, headers[0], mask, out found);
        return fault.Id == IdBlockFaultId.None;
    }

    /// <summary>The fields as a file keeps them.</summary>
    /// <param name="mask">The compatibility mask of SEV-SNP in the file.</param>
    /// <param name="block">The ID block; its policy is not in the header but in that of the guest policy.</param>
    /// <param name="auth">Keys and signatures.</param>
    /// <returns>The body of the header, <see cref="SnpIdBlockHeader.Size"/> bytes.</returns>
    internal static byte[] ToHeader(uint mask, IdBlock block, IdAuth auth)
    {
        byte[] body = new byte[SnpIdBlockHeader.Size];
        ReadOnlySpan<byte> page = auth.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(body, mask);
        body[SnpIdBlockHeader.AuthorKeyEnabledOffset] = auth.AuthorKey is null ? (byte)0 : (byte)1;
        block.ToArray().AsSpan(0, SnpIdBlockHeader.IdKeyAlgorithmOffset - SnpIdBlockHeader.LaunchDigestOffset).CopyTo(body.AsSpan(SnpIdBlockHeader.LaunchDigestOffset));
        page[..(2 * sizeof(uint))].CopyTo(body.AsSpan(SnpIdBlockHeader.IdKeyAlgorithmOffset));
        page.Slice(IdAuthLayout.IdBlockSignature, NumbersSize).CopyTo(body.AsSpan(SnpIdBlockHeader.IdKeySignatureOffset));
        SpreadKey(page[IdAuthLayout.IdKey..], body.AsSpan(SnpIdBlockHeader.IdPublicKeyOffset));
        page.Slice(IdAuthLayout.IdKeySignature, NumbersSize).CopyTo(body.AsSpan(SnpIdBlockHeader.AuthorFieldsOffset));
        SpreadKey(page[IdAuthLayout.AuthorKey..], body.AsSpan(SnpIdBlockHeader.AuthorPublicKeyOffset));
        return body;
    }

    /// <summary>The guest policy for SEV-SNP; the first one, as the tools have it.</summary>
    internal static ulong? Policy(IgvmFile file, uint mask)
    {
        foreach (IgvmHeader header in file.Headers.Where(h => h.RawType == (uint)IgvmHeaderType.GuestPolicy))
        {
            GuestPolicyHeader policy = GuestPolicyHeader.Read(file.Body(header));
            if ((policy.CompatibilityMask & mask) != 0)
            {
                return policy.Policy;
            }
        }

        return null;
    }

    private static IdBlockFault Read(IgvmFile file, IgvmHeader header, uint mask, out IgvmIdBlock? found)
    {
        found = null;
        if (Policy(file, mask) is not { } policy)
        {
            return new(IdBlockFaultId.PolicyIsAbsent, "GUEST_POLICY", -1, "there must be one for SEV-SNP where there is an ID block");
        }

        // LD to GUEST_SVN stand in the file as in the ID block, between the flag and the algorithms.
        ReadOnlySpan<byte> body = file.Body(header);
        byte[] bytes = new byte[IdBlock.Size];
        body[SnpIdBlockHeader.LaunchDigestOffset..SnpIdBlockHeader.IdKeyAlgorithmOffset].CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(IdBlock.Size - sizeof(ulong)), policy);
        if (IdBlock.TryParse(bytes, out IdBlock? block, out IdBlockFault fault))
        {
            IdAuth? auth = ReadAuth(body, out IdBlockFault authFault);
            found = new IgvmIdBlock(header.BodyOffset, block, auth, authFault);
        }

        return fault;
    }

    private static IdAuth? ReadAuth(ReadOnlySpan<byte> body, out IdBlockFault fault)
    {
        byte enabled = body[SnpIdBlockHeader.AuthorKeyEnabledOffset];
        ReadOnlySpan<byte> idKey = body[SnpIdBlockHeader.IdPublicKeyOffset..];
        ReadOnlySpan<byte> authorKey = body[SnpIdBlockHeader.AuthorPublicKeyOffset..];
        if (enabled > 1 || HasReserved(idKey) || (enabled == 1 && HasReserved(authorKey)))
        {
            fault = new(IdBlockFaultId.ReservedIsNotZero, "SNP_ID_BLOCK", -1, "author_key_enabled must be 0 or 1, and the reserved bytes of each key zero");
            return null;
        }

        byte[] page = new byte[IdAuth.Size];
        body.Slice(SnpIdBlockHeader.IdKeyAlgorithmOffset, 2 * sizeof(uint)).CopyTo(page);
        body.Slice(SnpIdBlockHeader.IdKeySignatureOffset, NumbersSize).CopyTo(page.AsSpan(IdAuthLayout.IdBlockSignature));
        CopyKey(idKey, page.AsSpan(IdAuthLayout.IdKey));
        if (enabled == 1)
        {
            body.Slice(SnpIdBlockHeader.AuthorFieldsOffset, NumbersSize).CopyTo(page.AsSpan(IdAuthLayout.IdKeySignature));
            CopyKey(authorKey, page.AsSpan(IdAuthLayout.AuthorKey));
        }

        bool isGood = IdAuth.TryParse(page, out IdAuth? auth, out fault);
        if (isGood && enabled == 1 && auth!.AuthorKey is null)
        {
            fault = new(IdBlockFaultId.AuthorKeyIsAbsent, "SNP_ID_BLOCK.author_public_key", -1, "must not be zero while the author key is enabled");
            return null;
        }

        return auth;
    }

    private static bool HasReserved(ReadOnlySpan<byte> key) => key.Slice(sizeof(uint), KeyReservedSize).ContainsAnyExcept((byte)0);

    private static void CopyKey(ReadOnlySpan<byte> key, Span<byte> structure)
    {
        key[..sizeof(uint)].CopyTo(structure);
        key.Slice(sizeof(uint) + KeyReservedSize, NumbersSize).CopyTo(structure[sizeof(uint)..]);
    }

    private static void SpreadKey(ReadOnlySpan<byte> structure, Span<byte> key)
    {
        structure[..sizeof(uint)].CopyTo(key);
        structure.Slice(sizeof(uint), NumbersSize).CopyTo(key[(sizeof(uint) + KeyReservedSize)..]);
    }
}
