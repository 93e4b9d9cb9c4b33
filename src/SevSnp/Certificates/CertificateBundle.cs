using System.Diagnostics.CodeAnalysis;
using SevSnp.Checks;
using SevSnp.Launch;

namespace SevSnp.Certificates;

/// <summary>
/// Certificates and revocation lists that came with a report, from a file or from AMD's key service: transport, never trust.
/// What could not be parsed is kept as a fault, so that judging can refuse it by name.
/// </summary>
public sealed class CertificateBundle
{
    /// <summary>Largest accepted PEM text, certificate table or revocation list in bytes.</summary>
    public const int MaxSize = 64 * 1024;

    /// <summary>Most certificates in one bundle.</summary>
    public const int MaxCertificates = 8;

    private CertificateBundle()
    {
    }

    /// <summary>No certificates.</summary>
    public static CertificateBundle Empty => throw new NotSupportedException();

    /// <summary>The parsed certificates; no two have the same bytes.</summary>
    public IReadOnlyList<AmdCertificate> Certificates => throw new NotSupportedException();

    /// <summary>The parsed revocation lists.</summary>
    public IReadOnlyList<RevocationList> RevocationLists => throw new NotSupportedException();

    /// <summary>Parts that could not be parsed.</summary>
    public IReadOnlyList<EvidenceFault> Faults => throw new NotSupportedException();

    /// <summary>True when the bundle was read from a GHCB certificate table.</summary>
    public bool IsFromTable => throw new NotSupportedException();

    /// <summary>Takes certificates in DER, one each.</summary>
    /// <param name="certificates">The certificates.</param>
    /// <returns>The bundle.</returns>
    public static CertificateBundle FromDer(IEnumerable<ReadOnlyMemory<byte>> certificates) => throw new NotSupportedException();

    /// <summary>Takes certificates in PEM, one behind the other.</summary>
    /// <param name="pem">The text; LF or CRLF line ends.</param>
    /// <returns>The bundle.</returns>
    public static CertificateBundle FromPem(ReadOnlySpan<char> pem) => throw new NotSupportedException();

    /// <summary>Takes a file: PEM text, one certificate or revocation list in DER, or a GHCB certificate table, told by its first bytes.</summary>
    /// <param name="file">The content.</param>
    /// <param name="bundle">The bundle.</param>
    /// <param name="fault">Why a table was refused.</param>
    /// <returns>False only for a malformed certificate table.</returns>
    public static bool TryFromFile(ReadOnlySpan<byte> file, [NotNullWhen(true)] out CertificateBundle? bundle, out EvidenceFault fault) => throw new NotSupportedException();

    /// <summary>Takes the certificate table of the GHCB extended guest request (AMD 56421).</summary>
    /// <param name="table">The table.</param>
    /// <param name="bundle">The bundle; unknown GUIDs are skipped.</param>
    /// <param name="fault">Which rule of the table was broken.</param>
    /// <returns>True when the table is well formed.</returns>
    public static bool TryFromTable(ReadOnlySpan<byte> table, [NotNullWhen(true)] out CertificateBundle? bundle, out EvidenceFault fault) => throw new NotSupportedException();

    /// <summary>This bundle with everything of another behind it; byte-equal certificates once.</summary>
    /// <param name="other">The other bundle.</param>
    /// <returns>A new bundle.</returns>
    public CertificateBundle With(CertificateBundle other) => throw new NotSupportedException();

    /// <summary>This bundle with revocation lists in DER.</summary>
    /// <param name="lists">The lists.</param>
    /// <returns>A new bundle.</returns>
    public CertificateBundle WithRevocationLists(IEnumerable<ReadOnlyMemory<byte>> lists) => throw new NotSupportedException();

    /// <summary>The first certificate of a role.</summary>
    /// <param name="role">The role.</param>
    /// <param name="product">The product line, or <see cref="ProductLine.Unknown"/> for any.</param>
    /// <returns>The certificate, or null.</returns>
    public AmdCertificate? Find(CertificateRole role, ProductLine product = ProductLine.Unknown) => throw new NotSupportedException();
}
