using System.Diagnostics.CodeAnalysis;
using SevSnp.Checks;
using SevSnp.Launch;

namespace SevSnp.Certificates;

/// <summary>
/// Picks the three links by role and product line, never by trying which one fits: C13, C14, C16, C17, C19 and C10. Other certificates
/// in the bundle are not looked at, except that two different ones for the same place are ambiguous and refused.
/// </summary>
internal static class ChainSelection
{
    public static bool TrySelect(
        KeyKind kind,
        ProductLine cpuProduct,
        CertificateBundle bundle,
        TrustRoots roots,
        ChainResults results,
        [NotNullWhen(true)] out CertificateChain? chain)
    {
        chain = null;
        if (bundle.Faults is [var fault, ..])
        {
            CheckId check = ChainResults.Covers(fault.Check) ? fault.Check : CheckId.CertificatesMatchProfile;
            return results.Fail(check, "certificates and lists of AMD's profile", fault.ToString());
        }

        if (!TrySelectLeaf(kind, cpuProduct, bundle, results, out AmdCertificate? leaf))
        {
            return false;
        }

        if (cpuProduct != ProductLine.Unknown && leaf.Product != cpuProduct)
        {
            return results.Fail(CheckId.ProductIsConsistent, $"a {leaf.Role.Name()} for {cpuProduct}, as the report's CPU says", $"one for {leaf.Product}");
        }

        CertificateRole issuer = leaf.Role.Issuer();
        if (!TryOnly(issuer, leaf.Product, bundle, results, out AmdCertificate? intermediate)
            || !TryOnly(CertificateRole.Ark, leaf.Product, bundle, results, out AmdCertificate? root))
        {
            return false;
        }

        // Extra roots are configured with their certificates; evidence made under them need not repeat it.
        root ??= roots.UnsafeExtraRoots.FirstOrDefault(extra => extra.Product == leaf.Product && intermediate is not null && extra.HasSigned(intermediate));
        chain = new CertificateChain(leaf, intermediate, root);
        return HasMatchingKeyIdentifiers(chain, results) && PassProfile(chain, results);
    }

    /// <summary>C10.</summary>
    public static bool HasPinnedRoot(CertificateChain chain, TrustRoots roots, ChainResults results)
    {
        string name = AmdIdentity.CommonName(CertificateRole.Ark, chain.Leaf.Product);
        if (chain.Root is not { } root)
        {
            return results.Fail(CheckId.RootIsPinned, $"the {name} certificate", "none among the certificates at hand");
        }

        bool isExtra = roots.IsUnsafeExtra(root);
        if (!isExtra && !TrustRoots.IsAmd(root))
        {
            return results.Fail(CheckId.RootIsPinned, $"AMD's {name} certificate", $"one with SHA-384 {root.Sha384}", "the name is AMD's, the certificate is not");
        }

        results.Pass(CheckId.RootIsPinned, isExtra ? $"{name} of this deployment's unsafe extra roots, not AMD's" : $"{name}, SHA-384 {root.Sha384}");
        return true;
    }

    private static bool TrySelectLeaf(KeyKind kind, ProductLine cpuProduct, CertificateBundle bundle, ChainResults results, [NotNullWhen(true)] out AmdCertificate? leaf)
    {
        CertificateRole role = kind.LeafRole();
        bool hasOwnProduct = bundle.FindAll(role, cpuProduct).Any();
        if (!TryOnly(role, hasOwnProduct ? cpuProduct : ProductLine.Unknown, bundle, results, out leaf))
        {
            return false;
        }

        if (leaf is not null)
        {
            return true;
        }

        AmdCertificate? other = bundle.Certificates.FirstOrDefault(c => c.Role.IsLeaf());
        return other is null
            ? results.Fail(CheckId.CertificatesMatchProfile, $"a {role.Name()} certificate", "none among the certificates at hand")
            : results.Fail(CheckId.KeyKindIsConsistent, $"a {role.Name()} certificate, the kind of key that the report names", $"a {other.Role.Name()} certificate");
    }

    private static bool TryOnly(CertificateRole role, ProductLine product, CertificateBundle bundle, ChainResults results, out AmdCertificate? only)
    {
        AmdCertificate[] found = [.. bundle.FindAll(role, product)];
        only = found is [var single] ? single : null;
        return found.Length <= 1
            || results.Fail(CheckId.CertificatesMatchProfile, $"one {role.Name()} certificate", $"{found.Length} different ones", "which of them is meant cannot be told");
    }

    private static bool HasMatchingKeyIdentifiers(CertificateChain chain, ChainResults results)
    {
        bool rootMatches = chain.Root is not { } root || (root.KeyIdentifierMatches(root) && (chain.Intermediate is null || root.KeyIdentifierMatches(chain.Intermediate)));
        bool leafMatches = chain.Intermediate is null || chain.Intermediate.KeyIdentifierMatches(chain.Leaf);
        return (rootMatches && leafMatches)
            || results.Fail(CheckId.CertificatesMatchProfile, "authority key identifiers that name the issuer's key", "another key");
    }

    private static bool PassProfile(CertificateChain chain, ChainResults results)
    {
        results.Pass(CheckId.CertificatesMatchProfile, string.Join(", ", chain.Links.Select(c => AmdIdentity.CommonName(c.Role, c.Product))));
        results.Pass(CheckId.LeafKeyIsP384);
        results.Pass(CheckId.ProductIsConsistent, chain.Leaf.Product.ToString());
        results.Pass(CheckId.KeyKindIsConsistent, chain.Leaf.Role.Name());
        results.Pass(CheckId.CertificateExtensionsAreKnown);
        return true;
    }
}
