using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Certificates;

/// <summary>Paths at AMD's key distribution service (AMD 57230), built from numbers and hexadecimal digits only.</summary>
public static class KdsAddress
{
    private const int ChipIdSize = 64;

    // The first bytes of CHIP_ID that Turin uses.
    private const int TurinHardwareIdSize = 8;

    /// <summary>Path and query of a VCEK, for example <c>/vcek/v1/Milan/{hwid}?blSPL=4&amp;teeSPL=0&amp;snpSPL=24&amp;ucodeSPL=219</c>.</summary>
    /// <param name="product">The product line.</param>
    /// <param name="chipId">CHIP_ID of the report, 64 bytes; of Turin the first 8 are used.</param>
    /// <param name="reported">REPORTED_TCB of the report, in the product's layout.</param>
    /// <returns>The path and query.</returns>
    /// <exception cref="ArgumentException">The product is unknown, the chip id is not 64 bytes long, or the TCB has another product's layout.</exception>
    public static string Vcek(ProductLine product, HexBytes chipId, TcbVersion reported)
    {
        ArgumentNullException.ThrowIfNull(chipId);
        string name = Name(product);
        if (chipId.Length != ChipIdSize || reported.Layout != product.TcbLayout())
        {
            throw new ArgumentException($"A chip id has {ChipIdSize} bytes and a TCB version has its product's layout.");
        }

        bool isTurin = product == ProductLine.Turin;
        string hardwareId = Convert.ToHexStringLower(isTurin ? chipId.Span[..TurinHardwareIdSize] : chipId.Span);
        string fmc = isTurin ? $"fmcSPL={reported.Fmc}&" : "";
        return $"/vcek/v1/{name}/{hardwareId}?{fmc}blSPL={reported.BootLoader}&teeSPL={reported.Tee}&snpSPL={reported.Snp}&ucodeSPL={reported.Microcode}";
    }

    /// <summary>Path of the intermediate and the root as PEM.</summary>
    /// <param name="kind">Kind of leaf.</param>
    /// <param name="product">The product line.</param>
    /// <returns>The path.</returns>
    /// <exception cref="ArgumentException">Kind or product is unknown.</exception>
    public static string CertificateChain(KeyKind kind, ProductLine product) => $"/{Name(kind)}/v1/{Name(product)}/cert_chain";

    /// <summary>Path of the revocation list in DER.</summary>
    /// <param name="kind">Kind of leaf.</param>
    /// <param name="product">The product line.</param>
    /// <returns>The path.</returns>
    /// <exception cref="ArgumentException">Kind or product is unknown.</exception>
    public static string RevocationList(KeyKind kind, ProductLine product) => $"/{Name(kind)}/v1/{Name(product)}/crl";

    private static string Name(ProductLine product) => product switch
    {
        ProductLine.Milan => "Milan",
        ProductLine.Genoa => "Genoa",
        ProductLine.Turin => "Turin",
        _ => throw new ArgumentOutOfRangeException(nameof(product), product, "The key service knows Milan, Genoa and Turin."),
    };

    private static string Name(KeyKind kind) => kind switch
    {
        KeyKind.Vcek => "vcek",
        KeyKind.Vlek => "vlek",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A leaf is a VCEK or a VLEK."),
    };
}
