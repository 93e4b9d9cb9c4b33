using System.Security.Cryptography;

namespace Verifier.Ledger;

/// <summary>Signs heads. Safe for use by several threads. The key stays the caller's.</summary>
public sealed class HeadSigner
{
    private readonly ECDsa _key;
    private readonly Lock _gate = new();

    /// <summary>Takes the key of a log.</summary>
    /// <param name="key">A private key on P-256, which must live as long as the signer.</param>
    /// <exception cref="ArgumentException">The key is on another curve.</exception>
    public HeadSigner(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!LogKeys.IsP256(key))
        {
            throw new ArgumentException("The key of a log is an ECDSA key on P-256.", nameof(key));
        }

        _key = key;
        KeyId = LogKeys.Id(key);
    }

    /// <summary>The id of the key (<see cref="LogKeys.Id"/>).</summary>
    public string KeyId { get; }

    /// <summary>Signs a head.</summary>
    /// <param name="head">The head.</param>
    /// <returns>The head with its signature.</returns>
    /// <exception cref="CryptographicException">The key cannot sign: it has no private half.</exception>
    public SignedTreeHead Sign(TreeHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        byte[] bytes = head.ToSignedBytes();
        lock (_gate)
        {
            return new SignedTreeHead(head, KeyId, _key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }
    }
}
