using SevSnp.Certificates;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace Verifier.Service.Kds;

/// <summary>What one request to the key service asks for.</summary>
internal enum KdsItemKind
{
    Vcek = 0,
    Chain = 1,
    RevocationList = 2,
}

/// <summary>
/// One thing the key service can be asked for. Made of parsed numbers only, and equal by what is asked: product, kind of key, chip
/// and TCB; never by a serial number, which is 0 on every leaf.
/// </summary>
internal sealed record KdsItem
{
    private const int CertificateLimit = 16 * 1024;
    private const string CachePrefix = "kds:v1:";

    private KdsItem(KdsItemKind kind, KeyKind key, ProductLine product, HexBytes? chipId, TcbVersion? tcb, string path)
    {
        (Kind, Key, Product, ChipId, Tcb, Path) = (kind, key, product, chipId, tcb, path);
    }

    public KdsItemKind Kind { get; }

    public KeyKind Key { get; }

    public ProductLine Product { get; }

    /// <summary>CHIP_ID of the report, 64 bytes; only of a VCEK.</summary>
    public HexBytes? ChipId { get; }

    /// <summary>REPORTED_TCB of the report; only of a VCEK.</summary>
    public TcbVersion? Tcb { get; }

    /// <summary>Path and query at the key service.</summary>
    public string Path { get; }

    /// <summary>Name in the shared cache.</summary>
    public string CacheKey => CachePrefix + Path;

    /// <summary>Largest answer in bytes.</summary>
    public int MaxSize => Kind == KdsItemKind.Vcek ? CertificateLimit : CertificateBundle.MaxSize;

    /// <summary>The chain that vouches for this item.</summary>
    public KdsItem Issuer => Chain(Key, Product);

    /// <summary>Label of metrics and logs.</summary>
    public string Label => Kind switch
    {
        KdsItemKind.Vcek => "vcek",
        KdsItemKind.Chain => "chain",
        _ => "crl",
    };

    public static KdsItem Vcek(ProductLine product, HexBytes chipId, TcbVersion reported) =>
        new(KdsItemKind.Vcek, KeyKind.Vcek, product, chipId, reported, KdsAddress.Vcek(product, chipId, reported));

    public static KdsItem Chain(KeyKind key, ProductLine product) =>
        new(KdsItemKind.Chain, key, product, null, null, KdsAddress.CertificateChain(key, product));

    public static KdsItem RevocationList(KeyKind key, ProductLine product) =>
        new(KdsItemKind.RevocationList, key, product, null, null, KdsAddress.RevocationList(key, product));
}
