namespace SevSnp.IdBlocks;

/// <summary>
/// Who signs with an ID key or an author key: the seam between this library and wherever the key lives, in a file
/// (<see cref="P384PrivateKey"/>) or in a device that never gives it away.
/// </summary>
public interface IIdKeySigner
{
    /// <summary>The public half of the key.</summary>
    SnpPublicKey PublicKey { get; }

    /// <summary>Signs with ECDSA on P-384.</summary>
    /// <param name="digest">SHA-384 of the message, 48 bytes.</param>
    /// <param name="signature">Takes R then S, 48 bytes each, big endian.</param>
    void SignDigest(ReadOnlySpan<byte> digest, Span<byte> signature);
}
