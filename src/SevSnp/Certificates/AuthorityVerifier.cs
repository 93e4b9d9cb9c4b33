using SevSnp.Checks;
using SevSnp.Launch;

namespace SevSnp.Certificates;

/// <summary>
/// Verifies what AMD's key service serves besides leaves: intermediate and root, and revocation lists. For whoever keeps them for
/// later; judging a report verifies all of it again, with <see cref="ChainVerifier"/>.
/// </summary>
public static class AuthorityVerifier
{
    /// <summary>Verifies the intermediate and the root of a product line: pinned root (C10), both signatures (C11), validity (C12), one of each (C13).</summary>
    /// <param name="kind">The kind of leaf that the intermediate issues.</param>
    /// <param name="product">A known product line.</param>
    /// <param name="bundle">Holds both; the root may be missing when it is one of the extra roots.</param>
    /// <param name="roots">The pinned roots.</param>
    /// <param name="at">The time.</param>
    /// <returns>Null when every check holds, else the first that does not.</returns>
    public static EvidenceFault? VerifyIssuer(KeyKind kind, ProductLine product, CertificateBundle bundle, TrustRoots roots, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(roots);
        AmdCertificate[] intermediates = [.. bundle.FindAll(kind.LeafRole().Issuer(), product)];
        if (intermediates is not [AmdCertificate intermediate])
        {
            return new EvidenceFault(CheckId.CertificatesMatchProfile, kind.LeafRole().Issuer().Name(), -1, $"must be one certificate of {product}, found {intermediates.Length}");
        }

        if (RootOf(intermediate, bundle, roots) is not { } root)
        {
            return new EvidenceFault(CheckId.RootIsPinned, "ARK", -1, $"must be the pinned root of {product}");
        }

        if (!root.HasSigned(root) || !root.HasSigned(intermediate))
        {
            return new EvidenceFault(CheckId.ChainSignaturesAreValid, intermediate.Role.Name(), -1, "must be signed by the root");
        }

        AmdCertificate? outside = Array.Find([root, intermediate], c => !ChainValidity.IsWithin(at, c.NotBefore, c.NotAfter));
        return outside is null ? null : new EvidenceFault(CheckId.CertificatesAreInValidity, outside.Role.Name(), -1, $"must be valid at {ChainValidity.Text(at)}");
    }

    /// <summary>
    /// Verifies a revocation list: signed by the pinned root of its product line, and current (C15). Whether it names a certificate is not
    /// asked: a list that does must be kept.
    /// </summary>
    /// <param name="list">The list.</param>
    /// <param name="bundle">Holds the root.</param>
    /// <param name="roots">The pinned roots.</param>
    /// <param name="at">The time.</param>
    /// <returns>Null when every check holds, else the first that does not.</returns>
    public static EvidenceFault? VerifyRevocationList(RevocationList list, CertificateBundle bundle, TrustRoots roots, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(roots);
        AmdCertificate? root = bundle.FindAll(CertificateRole.Ark, list.Product).FirstOrDefault(r => IsPinned(r, roots));
        if (root is null)
        {
            return new EvidenceFault(CheckId.RootIsPinned, "ARK", -1, $"must be the pinned root of {list.Product}");
        }

        if (!list.IsSignedBy(root))
        {
            return new EvidenceFault(CheckId.CertificatesAreNotRevoked, "CRL", -1, "must be signed by the root");
        }

        return ChainValidity.IsWithin(at, list.ThisUpdate, list.NextUpdate)
            ? null
            : new EvidenceFault(CheckId.CertificatesAreNotRevoked, "CRL", -1, $"must be current at {ChainValidity.Text(at)}");
    }

    private static AmdCertificate? RootOf(AmdCertificate intermediate, CertificateBundle bundle, TrustRoots roots)
    {
        AmdCertificate[] presented = [.. bundle.FindAll(CertificateRole.Ark, intermediate.Product)];
        return presented switch
        {
            [AmdCertificate only] => IsPinned(only, roots) ? only : null,
            [] => roots.UnsafeExtraRoots.FirstOrDefault(extra => extra.Product == intermediate.Product && extra.HasSigned(intermediate)),
            _ => null,
        };
    }

    private static bool IsPinned(AmdCertificate root, TrustRoots roots) => TrustRoots.IsAmd(root) || roots.IsUnsafeExtra(root);
}
