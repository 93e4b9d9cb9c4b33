using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using SevSnp.Judgement;
using SevSnp.Policies;
using SevSnp.Results;

namespace Verifier.Service.Tokens;

/// <summary>Signs attestation results. Handed a finished verdict, it cannot alter it.</summary>
internal sealed class ResultTokens(TokenKeys keys, TokenIssuer issuer, IOptions<TokenOptions> options, TimeProvider clock)
{
    private const int IdDigits = 32;

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Demands that there is what a token needs beside the verdict, before there is one.</summary>
    /// <exception cref="TokensOffException">None can be made.</exception>
    public void DemandKey() => _ = SigningKey();

    /// <summary>Makes a token.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="asked">What the question demanded of REPORT_DATA: without it there is no token.</param>
    /// <param name="wish">For whom, and in which names.</param>
    /// <param name="wanted">What the tenant wants in it.</param>
    /// <exception cref="TokensOffException">None can be made.</exception>
    public string Make(AttestationVerdict verdict, ReportDataBinding asked, ResultWish wish, TokenSettings wanted)
    {
        AttestationResult result = AttestationResult.Of(verdict, asked);
        TokenKey key = SigningKey();
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        string id = RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);
        TokenFrame frame = new(issuer.Name, wish.Audience, id, now, options.Value.Life);
        return _handler.CreateToken(EarWriter.Write(result, EarNames.Of(wish.Profile), frame, wanted), key.Credentials);
    }

    private TokenKey SigningKey() => keys.IsOn
        ? keys.Signer ?? throw new TokensOffException(TokensOffException.NoKey)
        : throw new TokensOffException(TokensOffException.NoIssuer);
}
