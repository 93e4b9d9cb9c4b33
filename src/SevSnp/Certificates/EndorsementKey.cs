using SevSnp.Crypto;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Certificates;

/// <summary>
/// A leaf whose chain was verified up to a pinned root: the only thing that can check a report's signature. Made by
/// <see cref="ChainVerifier"/> alone.
/// </summary>
public sealed class EndorsementKey
{
    internal EndorsementKey(AmdCertificate leaf, AmdCertificate issuer, AmdCertificate root, bool isUnsafeExtraRoot, RevocationStatus revocation)
    {
        Certificate = leaf;
        Issuer = issuer;
        Root = root;
        IsUnsafeExtraRoot = isUnsafeExtraRoot;
        Revocation = revocation;
    }

    /// <summary>The leaf.</summary>
    public AmdCertificate Certificate { get; }

    /// <summary>The ASK or ASVK.</summary>
    public AmdCertificate Issuer { get; }

    /// <summary>The ARK.</summary>
    public AmdCertificate Root { get; }

    /// <summary>True when the root is not AMD's.</summary>
    public bool IsUnsafeExtraRoot { get; }

    /// <summary>What is known about revocation.</summary>
    public RevocationStatus Revocation { get; }

    /// <summary>Kind of the key.</summary>
    public KeyKind Kind => Content.Kind;

    /// <summary>Product line.</summary>
    public ProductLine Product => Content.Product;

    /// <summary>What the leaf's extensions say.</summary>
    public LeafContent Content => Certificate.Leaf!;

    /// <summary>Checks ECDSA P-384 with SHA-384 over a message.</summary>
    /// <param name="message">The signed bytes as received.</param>
    /// <param name="signature">R then S, each 48 bytes, big endian; any other length is refused.</param>
    /// <returns>True when the signature is the key's.</returns>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Certificate.EndorsementKey!.Verify(message, signature);

    /// <summary>Checks ECDSA P-384 over the SHA-384 of what was received; nobody else's word for it may come here.</summary>
    internal bool VerifyDigest(Digest384 digest, ReadOnlySpan<byte> signature, SignatureEngine engine)
    {
        Span<byte> bytes = stackalloc byte[Digest384.Size];
        digest.CopyTo(bytes);
        return Certificate.EndorsementKey!.VerifyDigest(bytes, signature, engine);
    }
}

/// <summary>What is known about revocation of a chain's intermediate.</summary>
public enum RevocationStatus
{
    /// <summary>No list was at hand.</summary>
    NoList = 0,

    /// <summary>A current list signed by the root does not name it.</summary>
    NotRevoked = 1,
}
