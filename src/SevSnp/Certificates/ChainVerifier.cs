using System.Diagnostics.CodeAnalysis;
using SevSnp.Checks;
using SevSnp.Launch;

namespace SevSnp.Certificates;

/// <summary>Verifies leaf, intermediate and root against AMD's profile and the pinned roots (checks C10 to C17 and C19).</summary>
public static class ChainVerifier
{
    /// <summary>Allowed difference between clocks at each edge of a validity.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(300);

    /// <summary>
    /// Verifies a chain. Adds exactly one result for each of C10 to C17 and C19 to <paramref name="checks"/>; stops at the first
    /// failure and marks the rest as not evaluated. The profile of the certificates comes first, then root, signatures, dates and
    /// revocation. C15 is added as not required when no list was at hand.
    /// </summary>
    /// <param name="kind">The kind of key that the report names.</param>
    /// <param name="cpuProduct">The product line of the report's CPU, or <see cref="ProductLine.Unknown"/> for a report of version 2.</param>
    /// <param name="bundle">Certificates and revocation lists.</param>
    /// <param name="roots">The pinned roots.</param>
    /// <param name="at">The time of judging.</param>
    /// <param name="checks">Receives the results.</param>
    /// <param name="key">The endorsement key.</param>
    /// <returns>True when every check holds.</returns>
    public static bool TryVerify(
        KeyKind kind,
        ProductLine cpuProduct,
        CertificateBundle bundle,
        TrustRoots roots,
        DateTimeOffset at,
        ICollection<CheckResult> checks,
        [NotNullWhen(true)] out EndorsementKey? key)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(roots);
        ArgumentNullException.ThrowIfNull(checks);
        key = null;
        ChainResults results = new(checks);

        // C13, C14, C16, C17, C19: parsing has shown them for each certificate alone; here for the three together.
        if (!ChainSelection.TrySelect(kind, cpuProduct, bundle, roots, results, out CertificateChain? chain)
            || !ChainSelection.HasPinnedRoot(chain, roots, results)
            || !ChainSignatures.AreValid(chain, results)
            || !ChainValidity.Holds(chain, at, results)
            || !ChainRevocation.Holds(chain, bundle.RevocationLists, at, results, out RevocationStatus revocation))
        {
            results.MarkRest();
            return false;
        }

        key = new EndorsementKey(chain.Leaf, chain.Intermediate!, chain.Root!, roots.IsUnsafeExtra(chain.Root!), revocation);
        return true;
    }
}
