namespace SevSnp.Certificates;

/// <summary>The pinned roots. Nothing that arrives with evidence can add one.</summary>
public sealed class TrustRoots
{
    private TrustRoots()
    {
    }

    /// <summary>AMD's roots for Milan, Genoa and Turin, pinned by the SHA-384 of the whole certificate.</summary>
    public static TrustRoots Amd => throw new NotSupportedException();

    /// <summary>True when roots that are not AMD's were added.</summary>
    public bool HasUnsafeExtraRoots => throw new NotSupportedException();

    /// <summary>The certificates of the extra roots, so that evidence need not carry them.</summary>
    public IReadOnlyList<AmdCertificate> UnsafeExtraRoots => throw new NotSupportedException();

    /// <summary>These roots and others that are not AMD's, for simulation. Every verdict they touch says so.</summary>
    /// <param name="roots">Self-signed root certificates in AMD's profile.</param>
    /// <returns>New roots.</returns>
    public TrustRoots WithUnsafeExtra(IEnumerable<AmdCertificate> roots) => throw new NotSupportedException();
}
