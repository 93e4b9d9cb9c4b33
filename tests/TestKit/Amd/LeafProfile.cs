using System.Security.Cryptography;
using SevSnp.Launch;

namespace Verifier.TestKit;

/// <summary>
/// AMD's profile of leaf certificates, extensions in the order of real ones. A VLEK of Genoa or Turin was never seen in public:
/// here it follows its product as a VCEK does.
/// </summary>
internal static class LeafProfile
{
    public static SimulatedKey Vcek(CertificateAuthority ask, SimulatedChip chip, TcbVersion tcb, Validity validity) =>
        Leaf(ask, KeyKind.Vcek, chip, tcb, validity, chip.Product == ProductLine.Milan ? "Milan-B0" : chip.Product.ToString(), new(Oids.HwId, chip.HardwareId));

    public static SimulatedKey Vlek(CertificateAuthority asvk, SimulatedChip chip, TcbVersion tcb, string cspId, Validity validity) =>
        Leaf(asvk, KeyKind.Vlek, chip, tcb, validity, chip.Product.ToString(), new(Oids.CspId, Der.Ia5String(cspId)));

    private static SimulatedKey Leaf(
        CertificateAuthority issuer, KeyKind kind, SimulatedChip chip, TcbVersion tcb, Validity validity, string productName, ExtensionRecipe identity)
    {
        ECParameters key = SimulatedKey.NewKey();
        using ECDsa ecdsa = ECDsa.Create(key);
        bool isTurin = chip.Product == ProductLine.Turin;
        return new SimulatedKey(key, kind, chip, tcb, new CertificateRecipe
        {
            Serial = Der.Number(0),
            Issuer = issuer.Recipe.Subject,
            NotBefore = validity.NotBefore,
            NotAfter = validity.NotAfter,
            Subject = AmdName.Of(kind == KeyKind.Vcek ? "SEV-VCEK" : "SEV-VLEK"),
            PublicKey = ecdsa.ExportSubjectPublicKeyInfo(),
            Extensions =
            [
                Number(Oids.StructVersion, isTurin ? 1 : 0),
                new(Oids.ProductName, Der.Ia5String(productName)),
                .. isTurin ? TurinTcb(tcb) : LegacyTcb(tcb),
                identity,
            ],
            Sign = issuer.Sign,
        });
    }

    private static ExtensionRecipe[] LegacyTcb(TcbVersion tcb) =>
    [
        Number(Oids.BlSpl, tcb.BootLoader),
        Number(Oids.TeeSpl, tcb.Tee),
        Number(Oids.Spl4, 0),
        Number(Oids.Spl5, 0),
        Number(Oids.Spl6, 0),
        Number(Oids.Spl7, 0),
        Number(Oids.SnpSpl, tcb.Snp),
        Number(Oids.UcodeSpl, tcb.Microcode),
    ];

    private static ExtensionRecipe[] TurinTcb(TcbVersion tcb) =>
    [
        Number(Oids.FmcSpl, tcb.Fmc),
        Number(Oids.BlSpl, tcb.BootLoader),
        Number(Oids.TeeSpl, tcb.Tee),
        Number(Oids.SnpSpl, tcb.Snp),
        Number(Oids.Spl5, 0),
        Number(Oids.Spl6, 0),
        Number(Oids.Spl7, 0),
        Number(Oids.UcodeSpl, tcb.Microcode),
    ];

    private static ExtensionRecipe Number(string oid, int value) => new(oid, Der.Number(value));
}
