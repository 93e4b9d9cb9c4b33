using System.Text;
using SevSnp.Checks;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>Milan VCEKs with a wrong name, role or encoding (T25, T27).</summary>
internal static class FaultyLeafStructure
{
    private const CheckId Profile = CheckId.CertificatesMatchProfile;

    public static IEnumerable<FaultyCertificate> All() => [.. Roles(), .. Names(), .. Fields(), .. Encodings()];

    private static IEnumerable<FaultyCertificate> Roles() =>
    [
        new("a CA", Profile, r => r.Plus(new(Oids.BasicConstraints, Der.Sequence(Der.True()), Critical: true))),
        new("a CA, not critical", Profile, r => r.Plus(new(Oids.BasicConstraints, Der.Sequence(Der.True())))),
        new("expressly no CA", Profile, r => r.Plus(new(Oids.BasicConstraints, Der.Sequence()))),
        new("key usage certSign", Profile, r => r.Plus(new(Oids.KeyUsage, [0x03, 0x02, 0x02, 0x04], Critical: true))),
        new("another key identifier of the issuer", Profile, r => r.Plus(new(Oids.AuthorityKeyIdentifier, Der.Sequence(Der.Tlv(0x80, new byte[20]))))),
    ];

    private static IEnumerable<FaultyCertificate> Names() =>
    [
        new("subject SEV-VCEK2", Profile, r => r with { Subject = AmdName.Of("SEV-VCEK2") }),
        new("subject sev-vcek", Profile, r => r with { Subject = AmdName.Of("sev-vcek") }),
        new("subject with a NUL", Profile, r => r with { Subject = AmdName.Of("SEV-VCEK\0") }),
        new("subject empty", Profile, r => r with { Subject = Der.Sequence() }),
        new("subject of another organization", Profile, r => r with { Subject = AmdName.Of("SEV-VCEK", "Advanced Micro Devices Ltd") }),
        new("subject with two common names", Profile, r => r with { Subject = Append(r.Subject, AmdName.CommonName(Der.Utf8String("SEV-VCEK"))) }),
        new("subject with the common name alone", Profile, r => r with { Subject = Der.Sequence(AmdName.CommonName(Der.Utf8String("SEV-VCEK"))) }),
        new("subject in BMPString", Profile, r => r with { Subject = Der.Sequence(AmdName.CommonName(Der.Tlv(0x1E, Encoding.BigEndianUnicode.GetBytes("SEV-VCEK")))) }),
        new("issuer of another organization", Profile, r => r with { Issuer = AmdName.Of("SEV-Milan", "Advanced Macro Devices") }),
        new("issuer unknown", Profile, r => r with { Issuer = AmdName.Of("SEV-Venice") }),
        new("issuer with other case", Profile, r => r with { Issuer = AmdName.Of("SEV-MILAN") }),
        new("issued by the ARK", Profile, r => r with { Issuer = AmdName.Of("ARK-Milan"), Sign = VirtualAmd.Milan.Ark.Sign }),
        new("issued by another VCEK", Profile, r => r with { Issuer = AmdName.Of("SEV-VCEK") }),
        new("issued by the ASVK", CheckId.KeyKindIsConsistent, r => r with { Issuer = AmdName.Of("SEV-VLEK-Milan"), Sign = VirtualAmd.Milan.Asvk.Sign }),
    ];

    private static IEnumerable<FaultyCertificate> Fields() =>
    [
        new("version 1", Profile, r => r with { Version = [] }),
        new("version 2", Profile, r => r with { Version = Der.Context(0, Der.Number(1)) }),
        new("version 4", Profile, r => r with { Version = Der.Context(0, Der.Number(3)) }),
        new("serial number negative", Profile, r => r with { Serial = Der.NumberOf(0xFF) }),
        new("serial number not minimal", Profile, r => r with { Serial = Der.NumberOf(0x00, 0x00) }),
        new("serial number of 21 bytes", Profile, r => r with { Serial = Der.NumberOf([1, .. new byte[20]]) }),
        new("serial number empty", Profile, r => r with { Serial = Der.NumberOf() }),
        new("end before start", Profile, r => r with { NotAfter = r.NotBefore.AddSeconds(-1) }),
        new("no extensions", CheckId.CertificatesMatchProfile, r => r with { Extensions = [] }),
        new("issuerUniqueID", Profile, r => r with { PublicKey = Der.Concat(r.PublicKey, Der.Tlv(0x81, [0, 1, 2])) }),
        new("something behind the key", Profile, r => r with { PublicKey = Der.Concat(r.PublicKey, Der.Null()) }),
    ];

    private static IEnumerable<FaultyCertificate> Encodings() =>
    [
        Whole("a byte behind it", der => [.. der, 0]),
        Whole("a byte short", der => der[..^1]),
        Whole("two of it", der => [.. der, .. der]),
        Whole("empty", _ => []),
        Whole("PEM where DER is due", der => Encoding.ASCII.GetBytes(Pem.Certificates(der))),
        Whole("base64 where DER is due", der => Encoding.ASCII.GetBytes(Convert.ToBase64String(der))),
        Whole("indefinite length", der => [0x30, 0x80, .. der[4..], 0, 0]),
        Whole("length in too long a form", der => [0x30, 0x83, 0, .. der[2..]]),
        Whole("a length beyond the end", der => [0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF, .. der[4..]]),
        Whole("a SET", der => [0x31, .. der[1..]]),
        Whole("wrapped in an OCTET STRING", Der.OctetString),
        Whole("padded to a megabyte", der => [.. der, .. new byte[1 << 20]]),
        Whole("a megabyte of one string", _ => Der.Sequence(Der.OctetString(new byte[1 << 20]))),
        Whole("thousands of nested sequences", _ => Nested(3000)),
    ];

    private static FaultyCertificate Whole(string name, Func<byte[], byte[]> change) => new($"encoding: {name}", Profile, r => r with { AlterWhole = change });

    private static byte[] Append(byte[] sequence, byte[] part) => Der.Sequence(sequence[2..], part);

    private static byte[] Nested(int depth)
    {
        byte[] der = Der.Null();
        for (int i = 0; i < depth; i++)
        {
            der = Der.Sequence(der);
        }

        return der;
    }
}
