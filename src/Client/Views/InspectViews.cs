using System.Text.Json.Serialization;
using SevSnp.Certificates;
using SevSnp.Launch;
using SevSnp.Reports;

namespace Verifier.Client.Views;

/// <summary>A report read from a file: nothing about it has been verified.</summary>
internal sealed record InspectedReportView(string EvidenceId, ReportView UnverifiedReport)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public bool Verified { get; }

    public static InspectedReportView Of(AttestationReport report)
    {
        // The product decides how a TCB version is laid out; a report of version 2 does not tell its product.
        ProductLine product = report.CpuProduct;
        TcbVersions? tcbs = product != ProductLine.Unknown && report.TryDecodeTcbs(product.TcbLayout(), out TcbVersions decoded, out _) ? decoded : null;
        return new(report.EvidenceId.ToString(), LibraryViews.Of(report, product, tcbs));
    }
}

/// <summary>The certificates and revocation lists of a file, and the verdict on their chain where one was asked for.</summary>
internal sealed record CertificateFileView(
    IReadOnlyList<CertificateView> Certificates, IReadOnlyList<RevocationListView> RevocationLists, IReadOnlyList<string> Faults, ChainView? Chain)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public static CertificateFileView Of(CertificateBundle bundle, ChainView? chain) => new(
        [.. bundle.Certificates.Select(CertificateView.Of)],
        [.. bundle.RevocationLists.Select(l => new RevocationListView(l.Product.ToString(), l.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture), l.ThisUpdate, l.NextUpdate))],
        [.. bundle.Faults.Select(f => f.ToString())],
        chain);
}

internal sealed record RevocationListView(string Product, string? Number, DateTimeOffset ThisUpdate, DateTimeOffset NextUpdate);

/// <summary>Whether a chain holds up to a pinned root at a given time.</summary>
internal sealed record ChainView(bool Holds, DateTimeOffset JudgeTime, IReadOnlyList<CheckView> Checks);

/// <summary>One certificate. Digests in hexadecimal.</summary>
internal sealed record CertificateView
{
    public required string Role { get; init; }

    public required string Product { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required string SerialNumber { get; init; }

    public required string Sha256 { get; init; }

    public required string PublicKeySha256 { get; init; }

    /// <summary>Leaf only: the TCB its key was derived for.</summary>
    public TcbView? Tcb { get; init; }

    /// <summary>VCEK only.</summary>
    public string? HardwareId { get; init; }

    /// <summary>VLEK only.</summary>
    public string? CspId { get; init; }

    public static CertificateView Of(AmdCertificate certificate) => new()
    {
        Role = certificate.Role.ToString().ToUpperInvariant(),
        Product = certificate.Product.ToString(),
        NotBefore = certificate.NotBefore,
        NotAfter = certificate.NotAfter,
        SerialNumber = certificate.SerialNumber.ToString(),
        Sha256 = certificate.Sha256.ToString(),
        PublicKeySha256 = certificate.PublicKeySha256.ToString(),
        Tcb = LibraryViews.Of(certificate.Leaf?.Tcb),
        HardwareId = certificate.Leaf?.HardwareId?.ToString(),
        CspId = certificate.Leaf?.CspId,
    };
}
