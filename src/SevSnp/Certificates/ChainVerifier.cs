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
    /// failure and marks the rest as not evaluated. C15 is added as not required when no list was at hand.
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
        [NotNullWhen(true)] out EndorsementKey? key) => throw new NotSupportedException();
}
