using System.Formats.Asn1;
using SevSnp.Checks;

namespace SevSnp.Certificates.X509;

/// <summary>One extension (RFC 5280 section 4.2).</summary>
/// <param name="Oid">Object identifier, dotted.</param>
/// <param name="IsCritical">Critical flag.</param>
/// <param name="Value">The bytes inside extnValue.</param>
internal readonly record struct X509Extension(string Oid, bool IsCritical, DerElement Value)
{
    /// <summary>Most extensions in one list; AMD's leaves have 12.</summary>
    public const int MaxCount = 32;

    /// <summary>Reads the content of an Extensions sequence; none may come twice.</summary>
    public static List<X509Extension> ReadAll(DerReader list, CheckId check)
    {
        list.Check = check;
        List<X509Extension> found = [];
        if (list.AtEnd)
        {
            list.Fail("extensions", "must not be an empty list");
        }

        while (!list.AtEnd)
        {
            int start = list.Position;
            X509Extension next = Read(list.Sequence("extension"));
            if (found.Count == MaxCount)
            {
                list.FailAt(start, "extensions", $"must be at most {MaxCount}");
            }

            if (found.Exists(e => e.Oid == next.Oid))
            {
                list.FailAt(start, "extensions", $"{next.Oid} is present twice");
            }

            found.Add(next);
        }

        return found;
    }

    private static X509Extension Read(DerReader extension)
    {
        string oid = extension.ObjectIdentifier("extnID");
        bool isCritical = false;
        if (extension.NextIs(Asn1Tag.Boolean))
        {
            isCritical = extension.Boolean("critical");
            if (!isCritical)
            {
                extension.Fail("critical", "DER leaves out the default value FALSE");
            }
        }

        DerElement value = extension.OctetString("extnValue");
        extension.End("extension");
        return new X509Extension(oid, isCritical, value);
    }
}
