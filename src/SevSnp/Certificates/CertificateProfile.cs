using SevSnp.Certificates.X509;
using SevSnp.Checks;
using SevSnp.Launch;

namespace SevSnp.Certificates;

/// <summary>Names and product of a certificate against AMD's profile (AMD 57230): C13, C16 and C17 as far as one certificate shows.</summary>
internal static class CertificateProfile
{
    /// <summary>Tells role and product line by the names, and labels the faults to come with the role.</summary>
    public static AmdIdentity Identify(CertificateStructure certificate, FaultLog faults)
    {
        string subjectName = AmdName.ReadCommonName(certificate.Der, certificate.Subject, "subject", faults, CheckId.CertificatesMatchProfile);
        AmdIdentity subject = AmdIdentity.FromCommonName(subjectName);
        if (subject.Role == CertificateRole.None)
        {
            faults.Report(CheckId.CertificatesMatchProfile, "subject CN", certificate.Subject.Start, "must be ARK-, SEV- or SEV-VLEK- with Milan, Genoa or Turin, or SEV-VCEK or SEV-VLEK");
            return default;
        }

        faults.Subject = subject.Role.Name();
        string issuerName = AmdName.ReadCommonName(certificate.Der, certificate.Issuer, "issuer", faults, CheckId.CertificatesMatchProfile);
        AmdIdentity issuer = AmdIdentity.FromCommonName(issuerName);
        RequireIssuer(subject, issuer, certificate.Issuer.Start, faults);
        RequireSerialNumber(subject.Role, certificate, faults);
        return subject with { Product = issuer.Product };
    }

    private static void RequireIssuer(AmdIdentity subject, AmdIdentity issuer, int offset, FaultLog faults)
    {
        CertificateRole expected = subject.Role.Issuer();
        if (issuer.Role != expected)
        {
            // A leaf of one kind under the authority of the other is a contradiction of kinds, anything else just not AMD's.
            bool isOtherKind = subject.Role.IsLeaf() && issuer.Role is CertificateRole.Ask or CertificateRole.Asvk;
            CheckId check = isOtherKind ? CheckId.KeyKindIsConsistent : CheckId.CertificatesMatchProfile;
            faults.Report(check, "issuer CN", offset, $"must be that of an {expected.Name()}, {AmdIdentity.CommonName(expected, ProductLine.Milan)} for Milan");
        }
        else if (!subject.Role.IsLeaf() && issuer.Product != subject.Product)
        {
            faults.Report(CheckId.ProductIsConsistent, "issuer CN", offset, $"must name {subject.Product}, names {issuer.Product}");
        }
    }

    private static void RequireSerialNumber(CertificateRole role, CertificateStructure certificate, FaultLog faults)
    {
        if (!role.IsLeaf() && !certificate.SerialNumber.Content(certificate.Der).ContainsAnyExcept((byte)0))
        {
            faults.Report(CheckId.CertificatesMatchProfile, "serialNumber", certificate.SerialNumber.Start, "must be positive");
        }
    }
}
