using System.Formats.Asn1;
using SevSnp.Checks;

namespace SevSnp.Certificates.X509;

/// <summary>
/// The distinguished names of AMD's hierarchy: OU, C, L, ST and O are the same everywhere and stand in this order, one attribute each;
/// only the common name differs.
/// </summary>
internal static class AmdName
{
    private const string CommonNameOid = "2.5.4.3";

    private static readonly (string Oid, string Name, string Value)[] Fixed =
    [
        ("2.5.4.11", "OU", "Engineering"),
        ("2.5.4.6", "C", "US"),
        ("2.5.4.7", "L", "Santa Clara"),
        ("2.5.4.8", "ST", "CA"),
        ("2.5.4.10", "O", "Advanced Micro Devices"),
    ];

    /// <summary>Reads a name and gives its common name; empty after a fault.</summary>
    public static string ReadCommonName(ReadOnlySpan<byte> der, DerElement name, string field, FaultLog faults, CheckId check)
    {
        DerReader parts = new(der, name, faults, check);
        foreach ((string oid, string label, string value) in Fixed)
        {
            int start = parts.Position;
            string text = ReadAttribute(ref parts, oid, $"{field} {label}");
            if (text != value)
            {
                parts.FailAt(start, $"{field} {label}", $"must be \"{value}\"");
            }
        }

        string commonName = ReadAttribute(ref parts, CommonNameOid, $"{field} CN");
        parts.End(field);
        return faults.Failed ? "" : commonName;
    }

    private static string ReadAttribute(ref DerReader parts, string oid, string field)
    {
        int start = parts.Position;
        DerReader set = parts.Enter(Asn1Tag.SetOf, field);
        DerReader attribute = set.Sequence(field);
        set.End(field);
        string type = attribute.ObjectIdentifier(field);
        if (type != oid)
        {
            attribute.FailAt(start, field, $"must stand here ({oid})");
        }

        bool isPrintable = attribute.NextIs(new Asn1Tag(UniversalTagNumber.PrintableString));
        string text = attribute.Text(isPrintable ? UniversalTagNumber.PrintableString : UniversalTagNumber.UTF8String, field);
        attribute.End(field);
        return text;
    }
}
