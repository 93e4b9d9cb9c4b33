using System.Globalization;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Verifier.Service.Identity.Issuers;

namespace Verifier.Service.Identity.Bearer;

/// <summary>
/// Checks a bearer token, cheap checks first, and none that needs the network before its issuer is known to be one of ours. The order
/// is part of the contract: form, algorithm, type, header, issuer, key, signature, audience, times.
/// </summary>
internal sealed class TokenValidator
{
    /// <summary>How far clocks may differ.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(60);

    private const int LongestSubject = 512;

    private static readonly JsonWebTokenHandler Library = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = CompactToken.Longest };

    private readonly Dictionary<string, TrustedIssuer> _issuers;
    private readonly TimeProvider _clock;

    public TokenValidator(IEnumerable<TrustedIssuer> issuers, TimeProvider clock)
    {
        _issuers = issuers.ToDictionary(i => i.Name, StringComparer.Ordinal);
        _clock = clock;
    }

    /// <summary>The issuer of exactly this name; null when its word is not taken.</summary>
    public TrustedIssuer? Find(string issuer) => _issuers.GetValueOrDefault(issuer);

    /// <summary>Whom claims name; null when that is no text of 1 to 512 characters which look the same to whoever reads them: a token with such claims is refused.</summary>
    public static string? Subject(TokenClaims claims) =>
        claims.TextOnly("sub") is { Length: >= 1 and <= LongestSubject } subject && subject.All(IsPrintable) ? subject : null;

    public async Task<TokenOutcome> ValidateAsync(string text, CancellationToken cancellation)
    {
        if (!CompactToken.TryParse(text, out CompactToken? token, out TokenFault malformed))
        {
            return new TokenOutcome.Refused(malformed);
        }

        if (token.Claims.TextOnly("iss") is not { } name || !_issuers.TryGetValue(name, out TrustedIssuer? issuer))
        {
            return new TokenOutcome.Refused(TokenFault.IssuerUnknown);
        }

        if (!issuer.Algorithms.Contains(token.Algorithm))
        {
            return new TokenOutcome.Refused(TokenFault.AlgorithmNotAllowed);
        }

        switch (await issuer.Keys.FindAsync(token.KeyId, cancellation))
        {
            case KeyLookup.Unavailable unavailable:
                return new TokenOutcome.CannotTell(unavailable.RetryAfter);
            case KeyLookup.Found { Key: var key }:
                TokenFault fault = key.Algorithm != token.Algorithm ? TokenFault.AlgorithmNotAllowed : await SignatureFaultAsync(token, issuer, key);
                fault = fault == TokenFault.None ? ClaimsFault(token.Claims, issuer, _clock.GetUtcNow()) : fault;
                return fault == TokenFault.None
                    ? new TokenOutcome.Valid(new TokenIdentity(issuer, Subject(token.Claims)!, token.Claims, token.Sha256))
                    : new TokenOutcome.Refused(fault);
            default:
                return new TokenOutcome.Refused(TokenFault.KeyUnknown);
        }
    }

    // The library checks the signature, and issuer and audience once more by its own reading of the token.
    private static async Task<TokenFault> SignatureFaultAsync(CompactToken token, TrustedIssuer issuer, IssuerKey key)
    {
        TokenValidationResult result = await Library.ValidateTokenAsync(token.Text, new TokenValidationParameters
        {
            RequireSignedTokens = true,
            ValidateIssuerSigningKey = true,
            IssuerSigningKey = key.Key,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = [key.Algorithm],
            ValidIssuer = issuer.Name,
            ValidAudience = issuer.Audience,

            // By our own clock, below.
            ValidateLifetime = false,
        });
        return result.IsValid ? TokenFault.None : result.Exception switch
        {
            SecurityTokenInvalidAudienceException => TokenFault.AudienceWrong,
            SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException => TokenFault.SignatureWrong,
            _ => TokenFault.Malformed,
        };
    }

    private static TokenFault ClaimsFault(TokenClaims claims, TrustedIssuer issuer, DateTimeOffset now)
    {
        if (!claims.Holds("aud", issuer.Audience))
        {
            return TokenFault.AudienceWrong;
        }

        DateTimeOffset? notBefore = claims.Time("nbf");
        if (Subject(claims) is null
            || claims.Time("exp") is not { } expires
            || claims.Time("iat") is not { } issued
            || (notBefore is null && claims.Has("nbf")))
        {
            return TokenFault.ClaimsIncomplete;
        }

        return now >= expires + Leeway ? TokenFault.Expired
            : now < issued - Leeway || now < (notBefore ?? issued) - Leeway ? TokenFault.NotYetValid
            : now > issued + issuer.MaxAge + Leeway ? TokenFault.TooOld
            : TokenFault.None;
    }

    // What is shown as the author of a change must look the same to whoever reads it.
    private static bool IsPrintable(char c) => char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
