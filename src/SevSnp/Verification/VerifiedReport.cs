using SevSnp.Certificates;
using SevSnp.Launch;
using SevSnp.Reports;

namespace SevSnp.Verification;

/// <summary>
/// A report whose signature was verified with a key whose chain ends at a pinned root. Made by <see cref="Authenticator"/> alone:
/// whoever holds one may believe its fields.
/// </summary>
public sealed class VerifiedReport
{
    internal VerifiedReport(AttestationReport report, TcbVersions tcbs, EndorsementKey endorsement)
    {
        Report = report;
        Tcbs = tcbs;
        Endorsement = endorsement;
    }

    /// <summary>The report's fields.</summary>
    public AttestationReport Report { get; }

    /// <summary>The four TCB versions in the product's layout.</summary>
    public TcbVersions Tcbs { get; }

    /// <summary>The key that signed it.</summary>
    public EndorsementKey Endorsement { get; }

    /// <summary>The product line.</summary>
    public ProductLine Product => Endorsement.Product;
}
