using System.Formats.Asn1;
using SevSnp.Certificates.X509;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Certificates;

/// <summary>
/// AMD's own extensions of a leaf (AMD 57230), each exactly once and in strict DER. An unknown one under AMD's number is refused although
/// it is not critical: it could be a TCB component that this library would leave out of the comparison.
/// </summary>
internal ref struct AmdExtensions
{
    private const string Arc = "1.3.6.1.4.1.3704.";
    private const string StructVersion = Arc + "1.1";
    private const string ProductName = Arc + "1.2";
    private const string BlSpl = Arc + "1.3.1";
    private const string TeeSpl = Arc + "1.3.2";
    private const string SnpSpl = Arc + "1.3.3";
    private const string UcodeSpl = Arc + "1.3.8";
    private const string FmcSpl = Arc + "1.3.9";
    private const string HardwareId = Arc + "1.4";
    private const string CspId = Arc + "1.5";
    private const int MaxCspIdLength = 256;

    private static readonly string[] Spare = [Arc + "1.3.4", Arc + "1.3.5", Arc + "1.3.6", Arc + "1.3.7"];

    private readonly CertificateStructure _certificate;
    private readonly KeyKind _kind;
    private readonly ProductLine _product;
    private readonly FaultLog _faults;

    private AmdExtensions(CertificateStructure certificate, KeyKind kind, ProductLine product, FaultLog faults) =>
        (_certificate, _kind, _product, _faults) = (certificate, kind, product, faults);

    private readonly bool IsTurin => _product == ProductLine.Turin;

    /// <summary>Reads what a leaf says; null after a fault.</summary>
    public static LeafContent? Read(CertificateStructure certificate, KeyKind kind, ProductLine product, FaultLog faults)
    {
        AmdExtensions extensions = new(certificate, kind, product, faults);
        extensions.RequireProduct();
        extensions.RequireKindOfSet();
        TcbVersion tcb = extensions.ReadTcb();
        HexBytes? hardwareId = kind == KeyKind.Vcek ? extensions.ReadHardwareId() : null;
        string? cspId = kind == KeyKind.Vlek ? extensions.ReadCspId() : null;
        extensions.RefuseOthers();
        return faults.Failed ? null : new LeafContent(kind, product, tcb, hardwareId, cspId);
    }

    // The name may carry a stepping ("Milan-B0"), which says nothing: genuine parts of other steppings carry it too.
    private readonly void RequireProduct()
    {
        int expected = IsTurin ? 1 : 0;
        if (TryFind(StructVersion, "structVersion", CheckId.ProductIsConsistent, out DerReader version))
        {
            int start = version.Position;
            int actual = version.SmallInteger("structVersion");
            version.End("structVersion");
            if (actual != expected)
            {
                version.Check = CheckId.ProductIsConsistent;
                version.FailAt(start, "structVersion", $"must be {expected} for {_product}, is {actual}");
            }
        }

        if (TryFind(ProductName, "productName", CheckId.ProductIsConsistent, out DerReader name))
        {
            int start = name.Position;
            string actual = name.Text(UniversalTagNumber.IA5String, "productName");
            name.End("productName");
            if (actual != _product.ToString() && !actual.StartsWith($"{_product}-", StringComparison.Ordinal))
            {
                name.Check = CheckId.ProductIsConsistent;
                name.FailAt(start, "productName", $"must name {_product} like the issuer");
            }
        }
    }

    private readonly void RequireKindOfSet()
    {
        (string wanted, string wantedName, string other, string otherName) = _kind == KeyKind.Vcek
            ? (HardwareId, "hwID", CspId, "cspID")
            : (CspId, "cspID", HardwareId, "hwID");
        bool hasWanted = false;
        foreach (X509Extension extension in _certificate.Extensions)
        {
            hasWanted |= extension.Oid == wanted;
            if (extension.Oid == other)
            {
                _faults.Report(CheckId.KeyKindIsConsistent, otherName, extension.Value.Start, "must be absent");
            }
        }

        if (!hasWanted)
        {
            _faults.Report(CheckId.KeyKindIsConsistent, wantedName, -1, "is missing");
        }
    }

    private readonly TcbVersion ReadTcb()
    {
        byte fmc = IsTurin ? Spl(FmcSpl, "fmcSPL") : (byte)0;
        TcbVersion tcb = new(
            _product.TcbLayout(), fmc, Spl(BlSpl, "blSPL"), Spl(TeeSpl, "teeSPL"), Spl(SnpSpl, "snpSPL"), Spl(UcodeSpl, "ucodeSPL"));
        foreach (X509Extension extension in _certificate.Extensions)
        {
            if (Spare.Contains(extension.Oid) && Spl(extension.Oid, "spare SPL") != 0)
            {
                _faults.Report(CheckId.CertificateExtensionsAreKnown, "spare SPL", extension.Value.Start, $"{extension.Oid} must be 0");
            }
        }

        return tcb;
    }

    private readonly byte Spl(string oid, string field)
    {
        if (!TryFind(oid, field, CheckId.CertificateExtensionsAreKnown, out DerReader value))
        {
            return 0;
        }

        int number = value.SmallInteger(field);
        value.End(field);
        return _faults.Failed ? (byte)0 : (byte)number;
    }

    // Told by the length: the raw form may begin with any byte, the tag of an OCTET STRING included.
    private readonly HexBytes? ReadHardwareId()
    {
        if (!TryFind(HardwareId, "hwID", CheckId.KeyKindIsConsistent, out DerReader value))
        {
            return null;
        }

        int length = IsTurin ? 8 : 64;
        ReadOnlySpan<byte> content = Find(HardwareId)!.Value.Value.Content(_certificate.Der);
        if (content.Length == length)
        {
            return new HexBytes(content);
        }

        if (content.Length == length + 2 && content[0] == 0x04 && content[1] == length)
        {
            return new HexBytes(content[2..]);
        }

        value.Fail("hwID", $"must be {length} bytes, raw or as an OCTET STRING");
        return null;
    }

    private readonly string? ReadCspId()
    {
        if (!TryFind(CspId, "cspID", CheckId.KeyKindIsConsistent, out DerReader value))
        {
            return null;
        }

        int start = value.Position;
        string text = value.Text(UniversalTagNumber.IA5String, "cspID");
        value.End("cspID");
        if (text.Length is 0 or > MaxCspIdLength || text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            value.FailAt(start, "cspID", $"must be 1 to {MaxCspIdLength} printable characters");
        }

        return text;
    }

    private readonly void RefuseOthers()
    {
        foreach (X509Extension extension in _certificate.Extensions)
        {
            bool isKnown = extension.Oid is StructVersion or ProductName or BlSpl or TeeSpl or SnpSpl or UcodeSpl or HardwareId or CspId
                || Spare.Contains(extension.Oid)
                || (extension.Oid == FmcSpl && IsTurin);
            if (!isKnown && extension.Oid.StartsWith(Arc, StringComparison.Ordinal))
            {
                _faults.Report(CheckId.CertificateExtensionsAreKnown, extension.Oid, extension.Value.Start, $"is no known extension of a {_product} {_kind.LeafRole().Name()}");
            }
        }
    }

    private readonly bool TryFind(string oid, string field, CheckId missing, out DerReader value)
    {
        X509Extension? found = Find(oid);
        if (found is null)
        {
            _faults.Report(missing, field, -1, "is missing");
        }

        value = new DerReader(_certificate.Der, found?.Value ?? default, _faults, CheckId.CertificateExtensionsAreKnown);
        return !_faults.Failed;
    }

    private readonly X509Extension? Find(string oid)
    {
        foreach (X509Extension extension in _certificate.Extensions)
        {
            if (extension.Oid == oid)
            {
                return extension;
            }
        }

        return null;
    }
}
