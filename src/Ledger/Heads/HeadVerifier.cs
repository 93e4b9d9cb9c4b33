using System.Security.Cryptography;

namespace Verifier.Ledger;

/// <summary>What checking a head's signature came to.</summary>
public enum HeadCheck
{
    /// <summary>The signature is not the key's.</summary>
    BadSignature,

    /// <summary>The head names a key that is not trusted here.</summary>
    UnknownKey,

    /// <summary>A trusted key signed exactly this head.</summary>
    Valid,
}

/// <summary>Checks heads against trusted keys. Safe for use by several threads. The keys stay the caller's.</summary>
public sealed class HeadVerifier
{
    private readonly Dictionary<string, ECDsa> _keys = [];
    private readonly Lock _gate = new();

    /// <summary>Takes the keys that are trusted.</summary>
    /// <param name="keys">Public keys on P-256, which must live as long as the verifier; of one given twice the second is ignored.</param>
    /// <exception cref="ArgumentException">A key is on another curve.</exception>
    public HeadVerifier(IReadOnlyCollection<ECDsa> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (ECDsa key in keys)
        {
            if (!LogKeys.IsP256(key))
            {
                throw new ArgumentException("The key of a log is an ECDSA key on P-256.", nameof(keys));
            }

            _keys.TryAdd(LogKeys.Id(key), key);
        }
    }

    /// <summary>The ids of the trusted keys.</summary>
    public IReadOnlyCollection<string> KeyIds => _keys.Keys;

    /// <summary>Checks who signed a head. Never throws on what is in it.</summary>
    /// <param name="head">The head with its signature.</param>
    /// <returns><see cref="HeadCheck.Valid"/> only when a trusted key signed exactly this head.</returns>
    public HeadCheck Check(SignedTreeHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        if (!_keys.TryGetValue(head.KeyId, out ECDsa? key))
        {
            return HeadCheck.UnknownKey;
        }

        if (head.Signature.Length != SignedTreeHead.SignatureLength)
        {
            return HeadCheck.BadSignature;
        }

        byte[] bytes = head.Head.ToSignedBytes();
        lock (_gate)
        {
            return key.VerifyData(bytes, head.Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
                ? HeadCheck.Valid
                : HeadCheck.BadSignature;
        }
    }
}
