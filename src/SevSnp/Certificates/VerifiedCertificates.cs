using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SevSnp.Certificates;

/// <summary>
/// Certificates and revocation lists that have verified reports, kept parsed with their prepared keys, and with it known which of them
/// signed which: the next report with the same ones costs no parsing and no signature of the chain. What is kept is found by SHA-256 of
/// the whole DER, and only there where every byte is the same. It is no trust: root, dates, revocation and everything else is judged
/// again with each report. Safe for use by several threads.
/// </summary>
/// <param name="capacity">Most certificates and lists that are kept, at least 16: what was not met for long makes room.</param>
public sealed class VerifiedCertificates(int capacity)
{
    private readonly int _half = capacity >= 16 ? capacity / 2 : throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "must be at least 16");
    private readonly Lock _gate = new();

    // What is met again in the old half moves to the young one; when that is full it becomes the old one.
    private volatile ConcurrentDictionary<Key, object> _young = new();
    private volatile ConcurrentDictionary<Key, object> _old = new();
    private int _count;

    /// <summary>How many certificates and lists are kept.</summary>
    public int Count => _young.Count + _old.Keys.Count(k => !_young.ContainsKey(k));

    /// <summary>
    /// Keeps what verified a report. To be called for a report whose signature holds: certificates alone are public, and whoever has many
    /// of them could push out all that is in use.
    /// </summary>
    /// <param name="key">The key that verified the report.</param>
    /// <param name="certificates">What its chain was verified with; the lists are kept where they were signed by the root.</param>
    public void Keep(EndorsementKey key, CertificateBundle certificates)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(certificates);
        Add(Key.Of(key.Certificate.Sha256.Span), key.Certificate);
        Add(Key.Of(key.Issuer.Sha256.Span), key.Issuer);
        Add(Key.Of(key.Root.Sha256.Span), key.Root);
        foreach (RevocationList list in certificates.RevocationLists)
        {
            if (list.WasFoundSignedBy(key.Root))
            {
                Add(Key.Of(list.Sha256.Span), list);
            }
        }
    }

    /// <summary>Finds a certificate that was kept, by all of its bytes.</summary>
    internal bool TryFind(ReadOnlySpan<byte> der, [NotNullWhen(true)] out AmdCertificate? certificate)
    {
        certificate = Find(der) as AmdCertificate;
        return certificate is not null && certificate.Der.Span.SequenceEqual(der);
    }

    /// <summary>Finds a list that was kept, by all of its bytes.</summary>
    internal bool TryFind(ReadOnlySpan<byte> der, [NotNullWhen(true)] out RevocationList? list)
    {
        list = Find(der) as RevocationList;
        return list is not null && list.Der.Span.SequenceEqual(der);
    }

    private object? Find(ReadOnlySpan<byte> der)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(der, hash);
        Key key = Key.Of(hash);
        if (_young.TryGetValue(key, out object? found))
        {
            return found;
        }

        if (_old.TryGetValue(key, out found))
        {
            Add(key, found);
        }

        return found;
    }

    private void Add(Key key, object kept)
    {
        if (_young.ContainsKey(key))
        {
            return;
        }

        lock (_gate)
        {
            if (_count >= _half)
            {
                (_old, _young, _count) = (_young, new(), 0);
            }

            _count += _young.TryAdd(key, kept) ? 1 : 0;
        }
    }

    private readonly record struct Key(UInt128 First, UInt128 Last)
    {
        public static Key Of(ReadOnlySpan<byte> sha256) =>
            new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sha256), System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sha256[16..]));
    }
}
