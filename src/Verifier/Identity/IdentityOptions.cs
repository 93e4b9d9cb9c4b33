using Verifier.Service.Identity.Issuers;

namespace Verifier.Service.Identity;

/// <summary>Whose word on identities is taken. Which identity may do what is told by rules, not here. Section <c>Identity</c>.</summary>
internal sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>Issuers of bearer tokens. Default: none.</summary>
    public IssuerOptions[] Issuers { get; set; } = [];

    /// <summary>
    /// File with a token that may do everything, for the beginning and for emergencies: 32 to 512 printable ASCII characters. Default: on
    /// loopback one that the service makes in its data directory, else none.
    /// </summary>
    public string? AdminTokenFile { get; set; }

    /// <summary>
    /// Directory where a service on loopback leaves word for the command line tool of the same user. Default: that user's state
    /// directory; empty: nowhere.
    /// </summary>
    public string? StateDirectory { get; set; }
}

/// <summary>One issuer of bearer tokens.</summary>
internal sealed class IssuerOptions
{
    /// <summary>Its address, exactly as its tokens name it in <c>iss</c>; https, or http on loopback.</summary>
    public string? Issuer { get; set; }

    /// <summary>What its tokens must name in <c>aud</c>: a name of this service that no other service goes by.</summary>
    public string? Audience { get; set; }

    /// <summary>What its tokens look like, and so which rules can name it. Default: other.</summary>
    public IssuerKind Kind { get; set; }

    /// <summary>Algorithms its tokens may be signed with. Default: RS256, ES256 and ES384.</summary>
    public string[] Algorithms { get; set; } = [];

    /// <summary>Where its keys are. Default: where its discovery document says.</summary>
    public string? JwksUri { get; set; }

    /// <summary>The only authorities that may vouch for its TLS certificate, PEM. Default: the system's.</summary>
    public string? CaFile { get; set; }

    /// <summary>HTTP proxy on the way to it. Default: none; the environment's variables are not read.</summary>
    public string? Proxy { get; set; }

    /// <summary>Longest time since a token was issued, 1 min to 24 h. Default: 1 h.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(1);
}
