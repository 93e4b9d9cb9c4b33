namespace Verifier.Sdk;

/// <summary>How a <see cref="VerifierClient"/> asks.</summary>
public sealed record VerifierClientOptions : VerifierConnectionOptions
{
    /// <summary>Tenant whose policy and registry apply; empty for <c>default</c>.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Gives the bearer token of each call, or null for none; null when calls carry no token. It is sent over TLS or loopback only.</summary>
    public Func<CancellationToken, ValueTask<string?>>? BearerToken { get; init; }

    /// <summary>Longest time of one call. Default: 10 seconds.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Within which time of its question an acceptance must be here to be used. Default: 2 seconds. A later one may have been decided long ago, and held up
    /// since by a process or machine that stood still, while the guest was revoked: it is thrown away, and the guest asked about anew. A refusal is
    /// never too late.
    /// </summary>
    public TimeSpan AcceptWithin { get; init; } = AcceptanceAge.Most;

    /// <summary>Longest time of all tries together, waiting in between included. Default: 30 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most tries. Default: 4; 1 never repeats.</summary>
    public int MaxTries { get; init; } = 4;

    /// <summary>The clock that waiting goes by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
