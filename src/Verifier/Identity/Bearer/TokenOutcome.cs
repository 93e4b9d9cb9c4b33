using Verifier.Service.Identity.Issuers;

namespace Verifier.Service.Identity.Bearer;

/// <summary>Who a token is of: its issuer vouches for subject and claims.</summary>
internal sealed record TokenIdentity(TrustedIssuer Issuer, string Subject, TokenClaims Claims, string TokenSha256);

/// <summary>What came of a token.</summary>
internal abstract record TokenOutcome
{
    private TokenOutcome()
    {
    }

    /// <summary>It holds.</summary>
    public sealed record Valid(TokenIdentity Identity) : TokenOutcome;

    /// <summary>It does not.</summary>
    public sealed record Refused(TokenFault Fault) : TokenOutcome;

    /// <summary>It cannot be told: the issuer's keys cannot be had now.</summary>
    public sealed record CannotTell(TimeSpan RetryAfter) : TokenOutcome;
}
