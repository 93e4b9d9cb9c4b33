using System.Formats.Asn1;
using SevSnp.Certificates.X509;
using SevSnp.Checks;

namespace SevSnp.Certificates;

/// <summary>The X.509 extensions of AMD's profile. Unknown critical ones are refused; unknown non-critical ones bear no meaning here and are ignored.</summary>
internal static class StandardExtensions
{
    private const string SubjectKeyIdentifier = "2.5.29.14";
    private const string KeyUsage = "2.5.29.15";
    private const string BasicConstraints = "2.5.29.19";
    private const string AuthorityKeyIdentifier = "2.5.29.35";

    // The whole DER of each value that the profile allows.
    private static readonly byte[][] CertificateAuthority = [Convert.FromHexString("30030101ff")];
    private static readonly byte[][] IntermediateAuthority = [Convert.FromHexString("30060101ff020100")];
    private static readonly byte[][] SignsCertificatesAndLists = [Convert.FromHexString("03020106")];

    // DER wants the second; AMD's intermediates count one unused bit too few.
    private static readonly byte[][] SignsCertificates = [Convert.FromHexString("03020104"), Convert.FromHexString("03020204")];

    /// <summary>Critical is allowed for the two that the profile makes critical on authorities, and for nothing else.</summary>
    public static void RefuseUnknownCritical(CertificateStructure certificate, CertificateRole role, FaultLog faults)
    {
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension.IsCritical && (role.IsLeaf() || extension.Oid is not (KeyUsage or BasicConstraints)))
            {
                faults.Report(
                    extension.Oid is KeyUsage or BasicConstraints ? CheckId.CertificatesMatchProfile : CheckId.CertificateExtensionsAreKnown,
                    extension.Oid,
                    extension.Value.Start,
                    "must not be critical: no such extension is critical in AMD's profile");
            }
        }
    }

    /// <summary>CA flag, path length and key usage of an authority.</summary>
    public static void RequireAuthority(CertificateStructure certificate, CertificateRole role, FaultLog faults)
    {
        bool isRoot = role == CertificateRole.Ark;
        RequireCritical(certificate, BasicConstraints, "basicConstraints", isRoot ? CertificateAuthority : IntermediateAuthority, isRoot ? "must be CA without path length" : "must be CA with path length 0", faults);
        RequireCritical(certificate, KeyUsage, "keyUsage", isRoot ? SignsCertificatesAndLists : SignsCertificates, isRoot ? "must be keyCertSign and cRLSign" : "must be keyCertSign", faults);
    }

    /// <summary>A leaf says nothing about being an authority or about the use of its key.</summary>
    public static void RefuseAuthority(CertificateStructure certificate, FaultLog faults)
    {
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension.Oid is BasicConstraints or KeyUsage)
            {
                faults.Report(CheckId.CertificatesMatchProfile, extension.Oid == KeyUsage ? "keyUsage" : "basicConstraints", extension.Value.Start, "must be absent in a leaf");
            }
        }
    }

    /// <summary>Subject key identifier, required of authorities.</summary>
    public static byte[]? ReadSubjectKeyIdentifier(CertificateStructure certificate, CertificateRole role, FaultLog faults)
    {
        if (role.IsLeaf() || !TryFind(certificate, SubjectKeyIdentifier, "subjectKeyIdentifier", isRequired: true, faults, out X509Extension extension))
        {
            return null;
        }

        DerReader value = new(certificate.Der, extension.Value, faults, CheckId.CertificatesMatchProfile);
        DerElement identifier = value.OctetString("subjectKeyIdentifier");
        value.End("subjectKeyIdentifier");
        return identifier.Content(certificate.Der).ToArray();
    }

    /// <summary>Authority key identifier, required of intermediates and optional elsewhere; of its forms only the key identifier is used.</summary>
    public static byte[]? ReadAuthorityKeyIdentifier(CertificateStructure certificate, CertificateRole role, FaultLog faults)
    {
        bool isRequired = role is CertificateRole.Ask or CertificateRole.Asvk;
        if (!TryFind(certificate, AuthorityKeyIdentifier, "authorityKeyIdentifier", isRequired, faults, out X509Extension extension))
        {
            return null;
        }

        DerReader value = new(certificate.Der, extension.Value, faults, CheckId.CertificatesMatchProfile);
        DerReader parts = value.Sequence("authorityKeyIdentifier");
        value.End("authorityKeyIdentifier");
        Asn1Tag keyIdentifier = new(TagClass.ContextSpecific, 0);
        return isRequired || parts.NextIs(keyIdentifier)
            ? parts.Element(keyIdentifier, "authorityKeyIdentifier").Content(certificate.Der).ToArray()
            : null;
    }

    private static void RequireCritical(CertificateStructure certificate, string oid, string field, byte[][] accepted, string rule, FaultLog faults)
    {
        if (TryFind(certificate, oid, field, isRequired: true, faults, out X509Extension extension)
            && (!extension.IsCritical || !Array.Exists(accepted, a => extension.Value.Content(certificate.Der).SequenceEqual(a))))
        {
            faults.Report(CheckId.CertificatesMatchProfile, field, extension.Value.Start, $"{rule}, and critical");
        }
    }

    private static bool TryFind(CertificateStructure certificate, string oid, string field, bool isRequired, FaultLog faults, out X509Extension extension)
    {
        foreach (X509Extension candidate in certificate.Extensions)
        {
            if (candidate.Oid == oid)
            {
                extension = candidate;
                return true;
            }
        }

        if (isRequired)
        {
            faults.Report(CheckId.CertificatesMatchProfile, field, -1, "is missing");
        }

        extension = default;
        return false;
    }
}
