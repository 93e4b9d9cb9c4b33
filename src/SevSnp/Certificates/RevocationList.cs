using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;
using SevSnp.Certificates.X509;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Certificates;

/// <summary>An X.509 revocation list of an AMD root, parsed strictly from DER. Parsing says nothing about who signed it.</summary>
public sealed class RevocationList
{
    private readonly RevocationListStructure _structure;
    private volatile HexBytes? _signer;

    private RevocationList(RevocationListStructure structure, ProductLine product) =>
        (_structure, Product, Sha384, Sha256) = (structure, product, new Digest384(SHA384.HashData(structure.Der)), new HexBytes(SHA256.HashData(structure.Der)));

    /// <summary>The product line named by the issuer.</summary>
    public ProductLine Product { get; }

    /// <summary>The list as received, DER.</summary>
    public ReadOnlyMemory<byte> Der => _structure.Der;

    /// <summary>When it was issued, UTC.</summary>
    public DateTimeOffset ThisUpdate => _structure.ThisUpdate;

    /// <summary>When the next one is due, UTC; from then on it is stale.</summary>
    public DateTimeOffset NextUpdate => _structure.NextUpdate;

    /// <summary>CRL number, or null when it has none. A higher number is newer.</summary>
    public BigInteger? Number => _structure.Number;

    /// <summary>SHA-256 of the whole DER, 32 bytes.</summary>
    internal HexBytes Sha256 { get; }

    /// <summary>SHA-384 of the whole DER.</summary>
    internal Digest384 Sha384 { get; }

    /// <summary>Parses one list.</summary>
    /// <param name="der">The DER, with nothing behind it.</param>
    /// <param name="list">The list.</param>
    /// <param name="fault">Why it was refused.</param>
    /// <returns>True when it is a list of AMD's profile.</returns>
    public static bool TryParse(ReadOnlySpan<byte> der, [NotNullWhen(true)] out RevocationList? list, out EvidenceFault fault)
    {
        FaultLog faults = new("CRL");
        list = der.Length <= CertificateBundle.MaxSize ? Parse(der.ToArray(), faults) : null;
        if (list is null)
        {
            faults.Report(CheckId.CertificatesAreNotRevoked, "DER", -1, $"must have at most {CertificateBundle.MaxSize} bytes, has {der.Length}");
        }

        fault = faults.First ?? default;
        return list is not null;
    }

    /// <summary>True when the root's key signed the list. What held once for these two, byte for byte, is not computed again.</summary>
    internal bool IsSignedBy(AmdCertificate root)
    {
        if (WasFoundSignedBy(root))
        {
            return true;
        }

        if (!root.HasSigned(_structure.Signed, _structure.Der))
        {
            return false;
        }

        _signer = root.Sha256;
        return true;
    }

    /// <summary>True when <see cref="IsSignedBy"/> has held for this root before.</summary>
    internal bool WasFoundSignedBy(AmdCertificate root) => _signer == root.Sha256;

    /// <summary>True when the list names a certificate that the root issued.</summary>
    internal bool Names(AmdCertificate certificate) => _structure.RevokedSerialNumbers.Contains(certificate.SerialNumber);

    private static RevocationList? Parse(byte[] der, FaultLog faults)
    {
        RevocationListStructure structure = RevocationListStructure.Read(der, faults);
        string name = AmdName.ReadCommonName(der, structure.Issuer, "issuer", faults, CheckId.CertificatesAreNotRevoked);
        AmdIdentity issuer = AmdIdentity.FromCommonName(name);
        if (issuer.Role != CertificateRole.Ark)
        {
            faults.Report(CheckId.CertificatesAreNotRevoked, "issuer CN", structure.Issuer.Start, "must be ARK- with Milan, Genoa or Turin");
        }

        return faults.Failed ? null : new RevocationList(structure, issuer.Product);
    }
}
