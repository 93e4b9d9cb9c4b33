using SevSnp.Certificates;
using SevSnp.Reports;

namespace SevSnp.Verification;

/// <summary>What is to be judged: a report and the certificates at hand, from wherever they came.</summary>
/// <param name="Report">The report.</param>
/// <param name="Certificates">Certificates and revocation lists.</param>
public sealed record Evidence(AttestationReport Report, CertificateBundle Certificates)
{
    /// <summary>Why there is no leaf certificate although everything was tried, or null. Shown in the failed check.</summary>
    public string? MissingLeafReason { get; init; }
}
