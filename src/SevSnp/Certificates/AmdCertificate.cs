using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SevSnp.Certificates.X509;
using SevSnp.Checks;
using SevSnp.Crypto;
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

    private readonly CertificateStructure _structure;
    private readonly RsaPssKey? _authorityKey;
    private readonly byte[]? _subjectKeyIdentifier;
    private readonly byte[]? _authorityKeyIdentifier;
    private volatile HexBytes? _signer;

    private AmdCertificate(CertificateStructure structure, AmdIdentity identity, FaultLog faults)
    {
        _structure = structure;
        Role = identity.Role;
        Product = identity.Product;
        SerialNumber = new HexBytes(structure.SerialNumber.Content(structure.Der));
        Sha256 = new HexBytes(SHA256.HashData(structure.Der));
        Sha384 = new Digest384(SHA384.HashData(structure.Der));
        PublicKeySha256 = new HexBytes(SHA256.HashData(structure.SubjectPublicKeyInfo.Encoded(structure.Der)));
        if (Role.IsLeaf())
        {
            KeyKind kind = Role == CertificateRole.Vcek ? KeyKind.Vcek : KeyKind.Vlek;
            StandardExtensions.RefuseAuthority(structure, faults);
            EndorsementKey = SubjectKeys.ReadEcP384(structure, faults);
            Leaf = AmdExtensions.Read(structure, kind, Product, faults);
        }
        else
        {
            StandardExtensions.RequireAuthority(structure, Role, faults);
            _authorityKey = SubjectKeys.ReadRsa4096(structure, faults);
        }

        StandardExtensions.RefuseUnknownCritical(structure, Role, faults);
        _subjectKeyIdentifier = StandardExtensions.ReadSubjectKeyIdentifier(structure, Role, faults);
        _authorityKeyIdentifier = StandardExtensions.ReadAuthorityKeyIdentifier(structure, Role, faults);
    }

    /// <summary>Its part in the hierarchy.</summary>
    public CertificateRole Role { get; }

    /// <summary>The product line named by the subject (ARK, ASK, ASVK) or by the issuer (VCEK, VLEK).</summary>
    public ProductLine Product { get; }

    /// <summary>The certificate as received, DER.</summary>
    public ReadOnlyMemory<byte> Der => _structure.Der;

    /// <summary>Start of validity, UTC.</summary>
    public DateTimeOffset NotBefore => _structure.NotBefore;

    /// <summary>End of validity, UTC.</summary>
    public DateTimeOffset NotAfter => _structure.NotAfter;

    /// <summary>Serial number, big endian, as in the certificate; 0 on every leaf.</summary>
    public HexBytes SerialNumber { get; }

    /// <summary>SHA-256 of the whole DER, 32 bytes.</summary>
    public HexBytes Sha256 { get; }

    /// <summary>SHA-256 of the subject public key info, 32 bytes; stays when AMD issues the certificate again.</summary>
    public HexBytes PublicKeySha256 { get; }

    /// <summary>What a leaf says of its key; null for CA certificates.</summary>
    public LeafContent? Leaf { get; }

    /// <summary>SHA-384 of the whole DER: what roots are pinned by.</summary>
    internal Digest384 Sha384 { get; }

    /// <summary>The key of a leaf; null for CA certificates.</summary>
    internal EcdsaP384Key? EndorsementKey { get; }

    /// <summary>Parses one certificate.</summary>
    /// <param name="der">The DER, with nothing behind it.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="fault">Why it was refused.</param>
    /// <returns>True when it is a certificate of AMD's profile.</returns>
    public static bool TryParse(ReadOnlySpan<byte> der, [NotNullWhen(true)] out AmdCertificate? certificate, out EvidenceFault fault)
    {
        FaultLog faults = new("certificate");
        certificate = der.Length <= MaxSize ? Parse(der.ToArray(), faults) : null;
        if (certificate is null)
        {
            faults.Report(CheckId.CertificatesMatchProfile, "DER", -1, $"must have at most {MaxSize} bytes, has {der.Length}");
        }

        fault = faults.First ?? default;
        return certificate is not null;
    }

    /// <summary>True when this authority's key made the signature of a certificate or list.</summary>
    internal bool HasSigned(SignedObject signed, ReadOnlySpan<byte> der) => _authorityKey is { } key && signed.IsSignedBy(key, der);

    /// <summary>
    /// True when this authority's key made the signature of a certificate. What held once for these two certificates, byte for byte, is
    /// not computed again; what did not hold is.
    /// </summary>
    internal bool HasSigned(AmdCertificate subject)
    {
        if (subject._signer == Sha256)
        {
            return true;
        }

        if (!HasSigned(subject._structure.Signed, subject._structure.Der))
        {
            return false;
        }

        subject._signer = Sha256;
        return true;
    }

    /// <summary>True unless the key identifiers of the two contradict each other.</summary>
    internal bool KeyIdentifierMatches(AmdCertificate subject) =>
        subject._authorityKeyIdentifier is not { } named || (_subjectKeyIdentifier is { } own && named.AsSpan().SequenceEqual(own));

    private static AmdCertificate? Parse(byte[] der, FaultLog faults)
    {
        CertificateStructure structure = CertificateStructure.Read(der, faults);
        if (faults.Failed)
        {
            return null;
        }

        AmdIdentity identity = CertificateProfile.Identify(structure, faults);
        if (faults.Failed)
        {
            return null;
        }

        AmdCertificate candidate = new(structure, identity, faults);
        return faults.Failed ? null : candidate;
    }
}
