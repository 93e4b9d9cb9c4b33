using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Certificates;

/// <summary>Paths at AMD's key distribution service (AMD 57230), built from numbers and hexadecimal digits only.</summary>
public static class KdsAddress
{
    /// <summary>Path and query of a VCEK, for example <c>/vcek/v1/Milan/{hwid}?blSPL=4&amp;teeSPL=0&amp;snpSPL=24&amp;ucodeSPL=219</c>.</summary>
    /// <param name="product">The product line.</param>
    /// <param name="chipId">CHIP_ID of the report, 64 bytes; of Turin the first 8 are used.</param>
    /// <param name="reported">REPORTED_TCB of the report.</param>
    /// <returns>The path and query.</returns>
    public static string Vcek(ProductLine product, HexBytes chipId, TcbVersion reported) => throw new NotSupportedException();

    /// <summary>Path of the intermediate and the root as PEM.</summary>
    /// <param name="kind">Kind of leaf.</param>
    /// <param name="product">The product line.</param>
    /// <returns>The path.</returns>
    public static string CertificateChain(KeyKind kind, ProductLine product) => throw new NotSupportedException();

    /// <summary>Path of the revocation list in DER.</summary>
    /// <param name="kind">Kind of leaf.</param>
    /// <param name="product">The product line.</param>
    /// <returns>The path.</returns>
    public static string RevocationList(KeyKind kind, ProductLine product) => throw new NotSupportedException();
}
