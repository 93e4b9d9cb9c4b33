namespace Verifier.Ledger;

/// <summary>A head and who signed it. Whether the signature is good is known only once a <see cref="HeadVerifier"/> said so.</summary>
/// <param name="Head">What is signed.</param>
/// <param name="KeyId">The signing key: the first 16 hexadecimal digits of SHA-256 over its SubjectPublicKeyInfo. A hint, not signed.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over <see cref="TreeHead.ToSignedBytes"/>: R then S, 32 bytes each, big endian.</param>
public sealed record SignedTreeHead(TreeHead Head, string KeyId, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Length of a signature in bytes.</summary>
    public const int SignatureLength = 64;

    /// <summary>Compares by content, the signature byte by byte.</summary>
    /// <param name="other">The other head.</param>
    /// <returns>True when all members are equal.</returns>
    public bool Equals(SignedTreeHead? other) =>
        other is not null && Head == other.Head && KeyId == other.KeyId && Signature.Span.SequenceEqual(other.Signature.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Head, KeyId);
}
