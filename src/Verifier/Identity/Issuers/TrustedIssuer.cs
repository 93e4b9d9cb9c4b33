namespace Verifier.Service.Identity.Issuers;

/// <summary>An issuer as configured, with its keys.</summary>
internal sealed record TrustedIssuer(
    string Name, string Audience, IssuerKind Kind, IReadOnlySet<string> Algorithms, TimeSpan MaxAge, IIssuerKeys Keys)
{
    public static TrustedIssuer From(IssuerOptions options, IIssuerKeys keys) => new(
        options.Issuer!,
        options.Audience!,
        options.Kind,
        new HashSet<string>(options.Algorithms.Length == 0 ? TokenAlgorithms.All : options.Algorithms, StringComparer.Ordinal),
        options.MaxAge,
        keys);
}

/// <summary>The keys that an issuer signs with.</summary>
internal interface IIssuerKeys
{
    Task<KeyLookup> FindAsync(string keyId, CancellationToken cancellation);
}

/// <summary>What came of looking for a key.</summary>
internal abstract record KeyLookup
{
    private KeyLookup()
    {
    }

    /// <summary>The issuer signs with it.</summary>
    public sealed record Found(IssuerKey Key) : KeyLookup;

    /// <summary>The issuer has no such key.</summary>
    public sealed record Unknown : KeyLookup;

    /// <summary>The issuer cannot be asked now.</summary>
    public sealed record Unavailable(TimeSpan RetryAfter) : KeyLookup;
}
