using System.Diagnostics.CodeAnalysis;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Certificates;

/// <summary>
/// Certificates and revocation lists that came with a report, from a file or from AMD's key service: transport, never trust.
/// What could not be parsed is kept as a fault, so that judging can refuse it by name.
/// </summary>
public sealed class CertificateBundle
{
    /// <summary>Largest accepted PEM text, certificate table or revocation list in bytes.</summary>
    public const int MaxSize = 64 * 1024;

    /// <summary>Most certificates, and most revocation lists, that one source may bring.</summary>
    public const int MaxCertificates = 8;

    private readonly AmdCertificate[] _certificates;
    private readonly RevocationList[] _revocationLists;
    private readonly EvidenceFault[] _faults;

    internal CertificateBundle(AmdCertificate[] certificates, RevocationList[] revocationLists, EvidenceFault[] faults, bool isFromTable) =>
        (_certificates, _revocationLists, _faults, IsFromTable) = (certificates, revocationLists, faults, isFromTable);

    /// <summary>No certificates.</summary>
    public static CertificateBundle Empty { get; } = new([], [], [], isFromTable: false);

    /// <summary>The parsed certificates; no two have the same bytes.</summary>
    public IReadOnlyList<AmdCertificate> Certificates => _certificates;

    /// <summary>The parsed revocation lists; no two have the same bytes.</summary>
    public IReadOnlyList<RevocationList> RevocationLists => _revocationLists;

    /// <summary>Parts that could not be parsed. Any of them makes evidence not authentic.</summary>
    public IReadOnlyList<EvidenceFault> Faults => _faults;

    /// <summary>True when the bundle was read from a GHCB certificate table.</summary>
    public bool IsFromTable { get; }

    /// <summary>Takes certificates in DER, one each.</summary>
    /// <param name="certificates">The certificates, at most <see cref="MaxCertificates"/>.</param>
    /// <param name="known">Where what verified reports before is found parsed; null to parse everything.</param>
    /// <returns>The bundle.</returns>
    public static CertificateBundle FromDer(IEnumerable<ReadOnlyMemory<byte>> certificates, VerifiedCertificates? known = null)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        CertificateBundleBuilder builder = new(known);
        foreach (ReadOnlyMemory<byte> der in certificates.TakeWhile(_ => !builder.IsFull))
        {
            builder.AddCertificate(der.Span);
        }

        return builder.Build(isFromTable: false);
    }

    /// <summary>Takes certificates and revocation lists in PEM, one behind the other, with nothing but empty lines between them.</summary>
    /// <param name="pem">The text; LF or CRLF line ends.</param>
    /// <param name="known">Where what verified reports before is found parsed; null to parse everything.</param>
    /// <returns>The bundle.</returns>
    public static CertificateBundle FromPem(ReadOnlySpan<char> pem, VerifiedCertificates? known = null)
    {
        CertificateBundleBuilder builder = new(known);
        builder.AddPem(pem);
        return builder.Build(isFromTable: false);
    }

    /// <summary>Takes a file: PEM text, one certificate or revocation list in DER, or a GHCB certificate table, told by its first bytes.</summary>
    /// <param name="file">The content.</param>
    /// <param name="bundle">The bundle.</param>
    /// <param name="fault">Why a table was refused.</param>
    /// <returns>False only for a malformed certificate table.</returns>
    public static bool TryFromFile(ReadOnlySpan<byte> file, [NotNullWhen(true)] out CertificateBundle? bundle, out EvidenceFault fault)
    {
        if (!CertificateBundleBuilder.IsPemOrDer(file))
        {
            return TryFromTable(file, out bundle, out fault);
        }

        CertificateBundleBuilder builder = new();
        builder.AddBlob(file);
        bundle = builder.Build(isFromTable: false);
        fault = default;
        return true;
    }

    /// <summary>Takes the certificate table of the GHCB extended guest request (AMD 56421).</summary>
    /// <param name="table">The table.</param>
    /// <param name="bundle">The bundle; unknown GUIDs are skipped.</param>
    /// <param name="fault">Which rule of the table was broken.</param>
    /// <param name="known">Where what verified reports before is found parsed; null to parse everything.</param>
    /// <returns>True when the table is well formed.</returns>
    public static bool TryFromTable(
        ReadOnlySpan<byte> table, [NotNullWhen(true)] out CertificateBundle? bundle, out EvidenceFault fault, VerifiedCertificates? known = null)
    {
        bundle = null;
        fault = default;
        if (CertificateTable.Read(table, out List<Range> blobs) is { } broken)
        {
            fault = broken;
            return false;
        }

        CertificateBundleBuilder builder = new(known);
        foreach (Range blob in blobs)
        {
            builder.AddBlob(table[blob], single: true);
        }

        bundle = builder.Build(isFromTable: true);
        return true;
    }

    /// <summary>This bundle with everything of another behind it; byte-equal certificates and lists once.</summary>
    /// <param name="other">The other bundle.</param>
    /// <returns>A new bundle.</returns>
    public CertificateBundle With(CertificateBundle other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new CertificateBundle(
            Joined(_certificates, other._certificates, c => c.Sha384),
            Joined(_revocationLists, other._revocationLists, l => l.Sha384),
            [.. _faults, .. other._faults],
            IsFromTable || other.IsFromTable);
    }

    /// <summary>This bundle with revocation lists in DER.</summary>
    /// <param name="lists">The lists, at most <see cref="MaxCertificates"/>.</param>
    /// <param name="known">Where what verified reports before is found parsed; null to parse everything.</param>
    /// <returns>A new bundle.</returns>
    public CertificateBundle WithRevocationLists(IEnumerable<ReadOnlyMemory<byte>> lists, VerifiedCertificates? known = null)
    {
        ArgumentNullException.ThrowIfNull(lists);
        CertificateBundleBuilder builder = new(known);
        foreach (ReadOnlyMemory<byte> der in lists.TakeWhile(_ => !builder.IsFull))
        {
            builder.AddRevocationList(der.Span);
        }

        return With(builder.Build(isFromTable: false));
    }

    /// <summary>The first certificate of a role.</summary>
    /// <param name="role">The role.</param>
    /// <param name="product">The product line, or <see cref="ProductLine.Unknown"/> for any.</param>
    /// <returns>The certificate, or null.</returns>
    public AmdCertificate? Find(CertificateRole role, ProductLine product = ProductLine.Unknown) => FindAll(role, product).FirstOrDefault();

    internal IEnumerable<AmdCertificate> FindAll(CertificateRole role, ProductLine product) =>
        _certificates.Where(c => c.Role == role && (product == ProductLine.Unknown || c.Product == product));

    // Neither side has anything twice, and no array is ever changed: one alone is taken as it is.
    private static T[] Joined<T>(T[] first, T[] second, Func<T, Digest384> digest) =>
        first.Length == 0 ? second : second.Length == 0 ? first : [.. first.Concat(second).DistinctBy(digest)];
}
