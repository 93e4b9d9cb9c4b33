using System.Security.Cryptography;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;

namespace Verifier.TestKit;

/// <summary>
/// An AMD that exists only here: one product line's ARK, ASK and ASVK with AMD's names and profile and keys of its own. It issues
/// VCEKs, VLEKs and revocation lists, right ones and, through recipes, wrong ones. No verifier trusts it unless
/// told to by <see cref="Roots"/>.
/// </summary>
public sealed class VirtualAmd
{
    /// <summary>Cloud provider of a VLEK unless said otherwise.</summary>
    public const string DefaultCsp = "CN=cc-simulated.example";

    private static readonly Lazy<VirtualAmd> LazyMilan = new(() => Create(ProductLine.Milan));
    private static readonly Lazy<VirtualAmd> LazyGenoa = new(() => Create(ProductLine.Genoa));
    private static readonly Lazy<VirtualAmd> LazyTurin = new(() => Create(ProductLine.Turin));

    private readonly Validity _validity;

    private VirtualAmd(ProductLine product, Validity validity, CertificateAuthority ark, CertificateAuthority ask, CertificateAuthority asvk)
    {
        Product = product;
        _validity = validity;
        Ark = ark;
        Ask = ask;
        Asvk = asvk;
    }

    /// <summary>A moment at which all that is issued by default is valid.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The one for Milan in this process. Its keys are made on first use, which takes seconds.</summary>
    public static VirtualAmd Milan => LazyMilan.Value;

    /// <summary>The one for Genoa in this process.</summary>
    public static VirtualAmd Genoa => LazyGenoa.Value;

    /// <summary>The one for Turin in this process.</summary>
    public static VirtualAmd Turin => LazyTurin.Value;

    /// <summary>The product line.</summary>
    public ProductLine Product { get; }

    /// <summary>The root.</summary>
    public CertificateAuthority Ark { get; }

    /// <summary>Issuer of VCEKs.</summary>
    public CertificateAuthority Ask { get; }

    /// <summary>Issuer of VLEKs.</summary>
    public CertificateAuthority Asvk { get; }

    /// <summary>AMD's roots and this one's.</summary>
    public TrustRoots Roots => TrustRoots.Amd.WithUnsafeExtra([Parse(Ark.Certificate)]);

    /// <summary>The one for a product line in this process.</summary>
    /// <param name="product">A known product line.</param>
    /// <returns>The virtual AMD.</returns>
    public static VirtualAmd For(ProductLine product) => product switch
    {
        ProductLine.Milan => Milan,
        ProductLine.Genoa => Genoa,
        ProductLine.Turin => Turin,
        _ => throw new ArgumentOutOfRangeException(nameof(product)),
    };

    /// <summary>Another one with new keys.</summary>
    /// <param name="product">The product line.</param>
    /// <param name="validity">Of everything it issues; by default 2020 to 2049.</param>
    /// <returns>The virtual AMD.</returns>
    public static VirtualAmd Create(ProductLine product, Validity? validity = null)
    {
        Validity period = validity ?? Validity.Years(2020, 2049);
        RSAParameters[] keys = [.. Enumerable.Range(0, 3).AsParallel().Select(_ => CertificateAuthority.NewKey())];
        CertificateAuthority ark = CaProfile.Ark(product, keys[0], period);
        return new VirtualAmd(product, period, ark, CaProfile.Ask(product, keys[1], ark, period), CaProfile.Asvk(product, keys[2], ark, period));
    }

    /// <summary>The same keys with a changed root certificate.</summary>
    /// <param name="change">The change.</param>
    /// <returns>A changed virtual AMD.</returns>
    public VirtualAmd WithArk(Func<CertificateRecipe, CertificateRecipe> change) => Copy(Ark.With(change), Ask, Asvk);

    /// <summary>The same keys with a changed ASK certificate.</summary>
    /// <param name="change">The change.</param>
    /// <returns>A changed virtual AMD.</returns>
    public VirtualAmd WithAsk(Func<CertificateRecipe, CertificateRecipe> change) => Copy(Ark, Ask.With(change), Asvk);

    /// <summary>The same keys with a changed ASVK certificate.</summary>
    /// <param name="change">The change.</param>
    /// <returns>A changed virtual AMD.</returns>
    public VirtualAmd WithAsvk(Func<CertificateRecipe, CertificateRecipe> change) => Copy(Ark, Ask, Asvk.With(change));

    /// <summary>The issuer of a kind of leaf.</summary>
    /// <param name="kind">VCEK or VLEK.</param>
    /// <returns>ASK or ASVK.</returns>
    public CertificateAuthority IssuerOf(KeyKind kind) => kind == KeyKind.Vlek ? Asvk : Ask;

    /// <summary>Issues a VCEK with a new key.</summary>
    /// <param name="chip">The chip; by default the product line's first.</param>
    /// <param name="tcb">The TCB; by default one of real parts.</param>
    /// <returns>The key.</returns>
    public SimulatedKey Vcek(SimulatedChip? chip = null, TcbVersion? tcb = null) =>
        LeafProfile.Vcek(Ask, chip ?? SimulatedChip.Named(Product), tcb ?? SimulatedChip.DefaultTcb(Product), _validity);

    /// <summary>Issues a VLEK with a new key.</summary>
    /// <param name="cspId">The cloud provider.</param>
    /// <param name="tcb">The TCB; by default one of real parts.</param>
    /// <returns>The key.</returns>
    public SimulatedKey Vlek(string cspId = DefaultCsp, TcbVersion? tcb = null) =>
        LeafProfile.Vlek(Asvk, SimulatedChip.Named(Product), tcb ?? SimulatedChip.DefaultTcb(Product), cspId, _validity);

    /// <summary>What a current, empty revocation list of this root is made of.</summary>
    /// <returns>The recipe.</returns>
    public RevocationListRecipe RevocationList() => new()
    {
        Issuer = Ark.Recipe.Subject,
        ThisUpdate = _validity.NotBefore,
        NextUpdate = _validity.NotAfter,
        Extensions = [CaProfile.AuthorityKeyId(Ark.KeyId), new(Oids.CrlNumber, Der.Number(1))],
        Sign = Ark.Sign,
    };

    /// <summary>Intermediate and root in PEM, as AMD's key service answers.</summary>
    /// <param name="kind">Kind of leaf.</param>
    /// <returns>The text.</returns>
    public string ChainPem(KeyKind kind) => Pem.Certificates(IssuerOf(kind).Certificate, Ark.Certificate);

    private static AmdCertificate Parse(byte[] der) => AmdCertificate.TryParse(der, out AmdCertificate? certificate, out EvidenceFault fault)
        ? certificate
        : throw new InvalidOperationException($"The simulated root is not of AMD's profile: {fault}");

    private VirtualAmd Copy(CertificateAuthority ark, CertificateAuthority ask, CertificateAuthority asvk) => new(Product, _validity, ark, ask, asvk);
}
