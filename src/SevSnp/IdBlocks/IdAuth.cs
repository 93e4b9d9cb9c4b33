using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SevSnp.Crypto;

namespace SevSnp.IdBlocks;

/// <summary>What the signatures of an ID authentication page say, in the order in which the firmware verifies.</summary>
public enum IdAuthOutcome
{
    /// <summary>The ID key did not sign this ID block.</summary>
    IdBlockSignatureIsBad = 0,

    /// <summary>The author key did not sign the ID key.</summary>
    IdKeySignatureIsBad = 1,

    /// <summary>Each signature there is holds.</summary>
    Valid = 2,
}

/// <summary>
/// The ID authentication information, one page of 4096 bytes (firmware ABI, ID_AUTH_INFO): ID key, its signature over the ID block, and
/// optionally an author key with its signature over the ID key.
/// </summary>
public sealed class IdAuth
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 0x1000;

    /// <summary>The number of ECDSA P-384 with SHA-384 in ID_KEY_ALGO and AUTH_KEY_ALGO.</summary>
    public const uint Algorithm = 1;

    private readonly byte[] _bytes;
    private readonly SnpSignature _idBlockSignature;
    private readonly SnpSignature? _idKeySignature;

    internal IdAuth(byte[] bytes, SnpPublicKey idKey, SnpSignature idBlockSignature, SnpPublicKey? authorKey, SnpSignature? idKeySignature) =>
        (_bytes, IdKey, _idBlockSignature, AuthorKey, _idKeySignature) = (bytes, idKey, idBlockSignature, authorKey, idKeySignature);

    /// <summary>ID_KEY at 0x240: the key that signs the ID block.</summary>
    public SnpPublicKey IdKey { get; }

    /// <summary>AUTHOR_KEY at 0x880: the key that signs the ID key; null when the author half of the page is zero.</summary>
    public SnpPublicKey? AuthorKey { get; }

    /// <summary>Reads a page. <see cref="ToArray"/> gives the same bytes again.</summary>
    /// <param name="bytes">Exactly 4096 bytes.</param>
    /// <param name="auth">The page.</param>
    /// <param name="fault">Why it was refused.</param>
    /// <returns>True when it is well formed; nothing is known about its signatures then.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out IdAuth? auth, out IdBlockFault fault)
    {
        if (bytes.Length != Size)
        {
            (auth, fault) = (null, new(IdBlockFaultId.LengthIsWrong, "ID authentication", -1, $"must be exactly {Size} bytes long, is {bytes.Length}"));
            return false;
        }

        auth = IdAuthLayout.Read(bytes, out fault);
        return auth is not null;
    }

    /// <summary>Signs an ID block. The page is read again and verified before it is handed out.</summary>
    /// <param name="block">The ID block.</param>
    /// <param name="idKey">Signs the ID block.</param>
    /// <param name="authorKey">Signs the ID key; null for a page without an author key.</param>
    /// <returns>The page.</returns>
    /// <exception cref="CryptographicException">A signer gave a signature that its public key does not verify.</exception>
    public static IdAuth Sign(IdBlock block, IIdKeySigner idKey, IIdKeySigner? authorKey = null)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(idKey);
        SnpPublicKey idPublic = idKey.PublicKey;
        byte[] bytes = IdAuthLayout.Write(
            idPublic, Sign(idKey, block.ToArray()), authorKey?.PublicKey, authorKey is null ? null : Sign(authorKey, idPublic.ToArray()));
        return TryParse(bytes, out IdAuth? auth, out _) && auth.Verify(block) == IdAuthOutcome.Valid
            ? auth
            : throw new CryptographicException("A signer gave a signature that its own public key does not verify.");
    }

    /// <summary>Verifies the signatures: the ID key's over the ID block, then the author key's over the ID key.</summary>
    /// <param name="block">The ID block.</param>
    /// <returns>Which signature is bad, or that none is. Whether a key is one to trust is for its digest to tell.</returns>
    public IdAuthOutcome Verify(IdBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (!IdKey.Verify(block.ToArray(), _idBlockSignature))
        {
            return IdAuthOutcome.IdBlockSignatureIsBad;
        }

        return AuthorKey is null || (_idKeySignature is { } signature && AuthorKey.Verify(IdKey.ToArray(), signature))
            ? IdAuthOutcome.Valid
            : IdAuthOutcome.IdKeySignatureIsBad;
    }

    /// <summary>The page.</summary>
    /// <returns>4096 bytes that the caller owns.</returns>
    public byte[] ToArray() => [.. _bytes];

    private static SnpSignature Sign(IIdKeySigner signer, ReadOnlySpan<byte> message)
    {
        Span<byte> digest = stackalloc byte[SHA384.HashSizeInBytes];
        Span<byte> signature = stackalloc byte[P384.SignatureSize];
        SHA384.HashData(message, digest);
        signer.SignDigest(digest, signature);
        return new SnpSignature(signature);
    }
}
