using System.Diagnostics.CodeAnalysis;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Certificates;

/// <summary>
/// One X.509 certificate of AMD's hierarchy, parsed strictly from DER and held as received. Parsing shows that it has the shape
/// and profile of its role; it says nothing about who signed it.
/// </summary>
public sealed class AmdCertificate
{
    /// <summary>Largest accepted certificate in bytes.</summary>
    public const int MaxSize = 8 * 1024;

    private AmdCertificate()
    {
    }

    /// <summary>Its part in the hierarchy.</summary>
    public CertificateRole Role => throw new NotSupportedException();

    /// <summary>The product line named by the subject (ARK, ASK, ASVK) or by the issuer (VCEK, VLEK).</summary>
    public ProductLine Product => throw new NotSupportedException();

    /// <summary>The certificate as received, DER.</summary>
    public ReadOnlyMemory<byte> Der => throw new NotSupportedException();

    /// <summary>Start of validity, UTC.</summary>
    public DateTimeOffset NotBefore => throw new NotSupportedException();

    /// <summary>End of validity, UTC.</summary>
    public DateTimeOffset NotAfter => throw new NotSupportedException();

    /// <summary>Serial number, big endian, as in the certificate; 0 on every leaf.</summary>
    public HexBytes SerialNumber => throw new NotSupportedException();

    /// <summary>SHA-256 of the whole DER, 32 bytes.</summary>
    public HexBytes Sha256 => throw new NotSupportedException();

    /// <summary>SHA-256 of the subject public key info, 32 bytes; stays when AMD issues the certificate again.</summary>
    public HexBytes PublicKeySha256 => throw new NotSupportedException();

    /// <summary>What a leaf says of its key; null for CA certificates.</summary>
    public LeafContent? Leaf => throw new NotSupportedException();

    /// <summary>Parses one certificate.</summary>
    /// <param name="der">The DER, with nothing behind it.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="fault">Why it was refused.</param>
    /// <returns>True when it is a certificate of AMD's profile.</returns>
    public static bool TryParse(ReadOnlySpan<byte> der, [NotNullWhen(true)] out AmdCertificate? certificate, out EvidenceFault fault) =>
        throw new NotSupportedException();
}
