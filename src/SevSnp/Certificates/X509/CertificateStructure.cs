using System.Formats.Asn1;
using SevSnp.Checks;

namespace SevSnp.Certificates.X509;

/// <summary>A certificate taken apart by RFC 5280 section 4.1, before anyone asks what it says.</summary>
internal sealed class CertificateStructure
{
    private CertificateStructure(byte[] der) => Der = der;

    public byte[] Der { get; }

    public SignedObject Signed { get; private init; }

    public DerElement SerialNumber { get; private init; }

    public DerElement Issuer { get; private init; }

    public DateTimeOffset NotBefore { get; private init; }

    public DateTimeOffset NotAfter { get; private init; }

    public DerElement Subject { get; private init; }

    public DerElement SubjectPublicKeyInfo { get; private init; }

    public IReadOnlyList<X509Extension> Extensions { get; private init; } = [];

    /// <summary>Takes a certificate apart; the result has a meaning only when the log holds no fault.</summary>
    public static CertificateStructure Read(byte[] der, FaultLog faults)
    {
        SignedObject signed = SignedObject.Read(der, faults, CheckId.CertificatesMatchProfile);
        DerReader tbs = new(der, signed.ToBeSigned, faults, CheckId.CertificatesMatchProfile);
        RequireVersion3(tbs.Enter(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true), "version"));
        DerElement serial = ReadSerialNumber(ref tbs, der);
        DerElement algorithm = tbs.Element(Asn1Tag.Sequence, "signature");
        signed.RequireSameAlgorithm(der, algorithm, faults);
        DerElement issuer = tbs.Element(Asn1Tag.Sequence, "issuer");
        (DateTimeOffset notBefore, DateTimeOffset notAfter) = ReadValidity(tbs.Sequence("validity"));
        DerElement subject = tbs.Element(Asn1Tag.Sequence, "subject");
        DerElement keyInfo = tbs.Element(Asn1Tag.Sequence, "subjectPublicKeyInfo");

        // issuerUniqueID and subjectUniqueID, which RFC 5280 forbids to make, have other tags.
        DerReader extensions = tbs.Enter(new Asn1Tag(TagClass.ContextSpecific, 3, isConstructed: true), "extensions");
        tbs.End("signed part");
        DerReader list = extensions.Sequence("extensions");
        extensions.End("extensions");
        return new CertificateStructure(der)
        {
            Signed = signed,
            SerialNumber = serial,
            Issuer = issuer,
            NotBefore = notBefore,
            NotAfter = notAfter,
            Subject = subject,
            SubjectPublicKeyInfo = keyInfo,
            Extensions = X509Extension.ReadAll(list, CheckId.CertificateExtensionsAreKnown),
        };
    }

    private static void RequireVersion3(DerReader version)
    {
        int start = version.Position;
        int number = version.SmallInteger("version");
        version.End("version");
        if (number != 2)
        {
            version.FailAt(start, "version", "must be 2 (X.509 version 3)");
        }
    }

    // Positive for authorities is a rule of their profile: AMD's leaves all have the number 0.
    private static DerElement ReadSerialNumber(ref DerReader tbs, ReadOnlySpan<byte> der)
    {
        DerElement serial = tbs.Integer("serialNumber");
        ReadOnlySpan<byte> content = serial.Content(der);
        if (content.Length is 0 or > 20 || content[0] >= 0x80)
        {
            tbs.FailAt(serial.Start, "serialNumber", "must not be negative and have at most 20 bytes");
        }

        return serial;
    }

    private static (DateTimeOffset NotBefore, DateTimeOffset NotAfter) ReadValidity(DerReader validity)
    {
        int start = validity.Position;
        DateTimeOffset notBefore = validity.Time("notBefore");
        DateTimeOffset notAfter = validity.Time("notAfter");
        validity.End("validity");
        if (notBefore > notAfter)
        {
            validity.FailAt(start, "validity", "must not end before it begins");
        }

        return (notBefore, notAfter);
    }
}
