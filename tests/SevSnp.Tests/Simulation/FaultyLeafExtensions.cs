using SevSnp.Checks;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>Milan VCEKs with one defect in their extensions (T18).</summary>
internal static class FaultyLeafExtensions
{
    private const CheckId Extensions = CheckId.CertificateExtensionsAreKnown;

    public static IEnumerable<FaultyCertificate> All() => [.. Missing(), .. Doubled(), .. Numbers(), .. HardwareIds(), .. Products(), .. Unknown()];

    private static IEnumerable<FaultyCertificate> Missing() =>
    [
        new("structVersion missing", CheckId.ProductIsConsistent, r => r.Without(Oids.StructVersion)),
        new("productName missing", CheckId.ProductIsConsistent, r => r.Without(Oids.ProductName)),
        new("blSPL missing", Extensions, r => r.Without(Oids.BlSpl)),
        new("teeSPL missing", Extensions, r => r.Without(Oids.TeeSpl)),
        new("snpSPL missing", Extensions, r => r.Without(Oids.SnpSpl)),
        new("ucodeSPL missing", Extensions, r => r.Without(Oids.UcodeSpl)),
        new("hwID missing", CheckId.KeyKindIsConsistent, r => r.Without(Oids.HwId)),
    ];

    private static IEnumerable<FaultyCertificate> Doubled() =>
        new[] { Oids.StructVersion, Oids.ProductName, Oids.BlSpl, Oids.Spl4, Oids.SnpSpl, Oids.UcodeSpl, Oids.HwId }
            .Select(oid => new FaultyCertificate($"{oid} twice", Extensions, r => r.Twice(oid)));

    private static IEnumerable<FaultyCertificate> Numbers() =>
    [
        Number("256", 0x02, 0x02, 0x01, 0x00),
        Number("65536 plus the right one", 0x02, 0x03, 0x01, 0x00, 0x18),
        Number("negative", 0x02, 0x01, 0xFF),
        Number("not minimal", 0x02, 0x02, 0x00, 0x18),
        Number("empty", 0x02, 0x00),
        Number("an OCTET STRING", 0x04, 0x01, 0x18),
        Number("an ENUMERATED", 0x0A, 0x01, 0x18),
        Number("followed by another byte", 0x02, 0x01, 0x18, 0x00),
        Number("with a length in long form", 0x02, 0x81, 0x01, 0x18),
        Number("cut short", 0x02, 0x02, 0x18),
        Number("without any bytes"),
        Number("a bare byte", 0x18),
        new("spare SPL 4 not zero", Extensions, r => r.WithValue(Oids.Spl4, 0x02, 0x01, 0x01)),
        new("spare SPL 7 not zero", Extensions, r => r.WithValue(Oids.Spl7, 0x02, 0x01, 0x80)),
    ];

    private static FaultyCertificate Number(string name, params byte[] value) => new($"snpSPL {name}", Extensions, r => r.WithValue(Oids.SnpSpl, value));

    private static IEnumerable<FaultyCertificate> HardwareIds() =>
    [
        HardwareId("0 bytes"),
        HardwareId("8 bytes, as on Turin", new byte[8]),
        HardwareId("63 bytes", new byte[63]),
        HardwareId("65 bytes", new byte[65]),
        HardwareId("66 bytes that are no OCTET STRING", [0x02, 0x40, .. new byte[64]]),
        HardwareId("66 bytes with a wrong length", [0x04, 0x3F, .. new byte[64]]),
        HardwareId("wrapped, with a length in long form", [0x04, 0x81, 0x40, .. new byte[64]]),
        HardwareId("wrapped twice", Der.OctetString(Der.OctetString(new byte[64]))),
        new("cspID beside hwID", CheckId.KeyKindIsConsistent, r => r.Plus(new(Oids.CspId, Der.Ia5String(VirtualAmd.DefaultCsp)))),
        new("cspID in place of hwID", CheckId.KeyKindIsConsistent, r => r.Without(Oids.HwId).Plus(new(Oids.CspId, Der.Ia5String(VirtualAmd.DefaultCsp)))),
    ];

    private static FaultyCertificate HardwareId(string name, params byte[] value) => new($"hwID of {name}", Extensions, r => r.WithValue(Oids.HwId, value));

    private static IEnumerable<FaultyCertificate> Products() =>
    [
        new("structVersion 1 on Milan", CheckId.ProductIsConsistent, r => r.WithValue(Oids.StructVersion, 0x02, 0x01, 0x01)),
        new("structVersion 2", CheckId.ProductIsConsistent, r => r.WithValue(Oids.StructVersion, 0x02, 0x01, 0x02)),
        ProductName("Genoa"),
        ProductName("Turin"),
        ProductName("milan"),
        ProductName("MilanX"),
        ProductName(""),
        ProductName("-Milan"),
        new("productName a UTF8String", Extensions, r => r.WithValue(Oids.ProductName, Der.Utf8String("Milan-B0"))),
        new("productName beyond ASCII", Extensions, r => r.WithValue(Oids.ProductName, Der.Ia5String("Milan-\u00e9"))),
    ];

    private static FaultyCertificate ProductName(string name) =>
        new($"productName '{name}'", CheckId.ProductIsConsistent, r => r.WithValue(Oids.ProductName, Der.Ia5String(name)));

    private static IEnumerable<FaultyCertificate> Unknown() =>
    [
        new("fmcSPL on Milan", Extensions, r => r.Plus(new(Oids.FmcSpl, Der.Number(0)))),
        new("an SPL of the future", Extensions, r => r.Plus(new("1.3.6.1.4.1.3704.1.3.10", Der.Number(0)))),
        new("another extension of AMD's", Extensions, r => r.Plus(new("1.3.6.1.4.1.3704.1.6", Der.Number(0)))),
        new("unknown critical extension", Extensions, r => r.Plus(new("1.2.3.4", Der.Null(), Critical: true))),
        new("name constraints, critical", Extensions, r => r.Plus(new(Oids.NameConstraints, Der.Sequence(), Critical: true))),
        new("structVersion critical", Extensions, r => r.WithCritical(Oids.StructVersion, true)),
        new("hwID critical", Extensions, r => r.WithCritical(Oids.HwId, true)),
    ];
}
