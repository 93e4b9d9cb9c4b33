using System.Formats.Asn1;
using System.Numerics;
using SevSnp.Checks;
using SevSnp.Primitives;

namespace SevSnp.Certificates.X509;

/// <summary>A revocation list of version 2 taken apart by RFC 5280 section 5.1.</summary>
internal sealed class RevocationListStructure
{
    private const string CrlNumberOid = "2.5.29.20";
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 0, isConstructed: true);

    private RevocationListStructure(byte[] der) => Der = der;

    public byte[] Der { get; }

    public SignedObject Signed { get; private init; }

    public DerElement Issuer { get; private init; }

    public DateTimeOffset ThisUpdate { get; private init; }

    public DateTimeOffset NextUpdate { get; private init; }

    /// <summary>Serial numbers as certificates encode them, so that bytes can be compared.</summary>
    public IReadOnlySet<HexBytes> RevokedSerialNumbers { get; private init; } = new HashSet<HexBytes>();

    public BigInteger? Number { get; private init; }

    /// <summary>Takes a list apart; the result has a meaning only when the log holds no fault.</summary>
    public static RevocationListStructure Read(byte[] der, FaultLog faults)
    {
        SignedObject signed = SignedObject.Read(der, faults, CheckId.CertificatesAreNotRevoked);
        DerReader tbs = new(der, signed.ToBeSigned, faults, CheckId.CertificatesAreNotRevoked);
        RequireVersion2(ref tbs);
        signed.RequireSameAlgorithm(der, tbs.Element(Asn1Tag.Sequence, "signature"), faults);
        DerElement issuer = tbs.Element(Asn1Tag.Sequence, "issuer");
        DateTimeOffset thisUpdate = tbs.Time("thisUpdate");
        DateTimeOffset nextUpdate = tbs.Time("nextUpdate");
        HashSet<HexBytes> revoked = tbs.NextIs(Asn1Tag.Sequence) ? ReadRevoked(tbs.Sequence("revokedCertificates"), der) : [];
        BigInteger? number = tbs.NextIs(ExtensionsTag) ? ReadExtensions(tbs.Enter(ExtensionsTag, "crlExtensions"), der, faults) : null;
        tbs.End("signed part");
        if (nextUpdate < thisUpdate)
        {
            tbs.Fail("nextUpdate", "must not be before thisUpdate");
        }

        return new RevocationListStructure(der)
        {
            Signed = signed,
            Issuer = issuer,
            ThisUpdate = thisUpdate,
            NextUpdate = nextUpdate,
            RevokedSerialNumbers = revoked,
            Number = number,
        };
    }

    private static void RequireVersion2(ref DerReader tbs)
    {
        int start = tbs.Position;
        if (tbs.SmallInteger("version") != 1)
        {
            tbs.FailAt(start, "version", "must be 1 (X.509 CRL version 2)");
        }
    }

    private static HashSet<HexBytes> ReadRevoked(DerReader list, ReadOnlySpan<byte> der)
    {
        HashSet<HexBytes> revoked = [];
        if (list.AtEnd)
        {
            list.Fail("revokedCertificates", "must be left out when empty");
        }

        while (!list.AtEnd)
        {
            DerReader entry = list.Sequence("revokedCertificate");
            revoked.Add(new HexBytes(entry.Integer("userCertificate").Content(der)));
            entry.Time("revocationDate");
            if (!entry.AtEnd)
            {
                // A critical entry extension, such as another issuer, would change whom the entry means.
                RefuseCritical(X509Extension.ReadAll(entry.Sequence("crlEntryExtensions"), CheckId.CertificatesAreNotRevoked), entry);
            }

            entry.End("revokedCertificate");
        }

        return revoked;
    }

    // Critical ones (delta list, distribution point) would make the list say less than it seems to.
    private static BigInteger? ReadExtensions(DerReader wrapper, ReadOnlySpan<byte> der, FaultLog faults)
    {
        DerReader sequence = wrapper.Sequence("crlExtensions");
        wrapper.End("crlExtensions");
        List<X509Extension> extensions = X509Extension.ReadAll(sequence, CheckId.CertificatesAreNotRevoked);
        RefuseCritical(extensions, sequence);
        foreach (X509Extension extension in extensions)
        {
            if (extension.Oid == CrlNumberOid)
            {
                DerReader value = new(der, extension.Value, faults, CheckId.CertificatesAreNotRevoked);
                DerElement number = value.Integer("cRLNumber");
                value.End("cRLNumber");
                ReadOnlySpan<byte> content = number.Content(der);
                if (content.Length is 0 or > 20 || content[0] >= 0x80)
                {
                    value.FailAt(number.Start, "cRLNumber", "must not be negative and have at most 20 bytes");
                }

                return new BigInteger(content, isUnsigned: true, isBigEndian: true);
            }
        }

        return null;
    }

    private static void RefuseCritical(List<X509Extension> extensions, DerReader place)
    {
        foreach (X509Extension extension in extensions)
        {
            if (extension.IsCritical)
            {
                place.FailAt(extension.Value.Start, extension.Oid, "must not be critical: it is not known here");
            }
        }
    }
}
