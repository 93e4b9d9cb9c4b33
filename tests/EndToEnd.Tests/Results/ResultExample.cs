using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Verifier.EndToEnd.Tests.Results;

/// <summary>The example of docs/results.md.</summary>
internal static class ResultExample
{
    // begin
    public static async Task<JsonElement> CheckAsync(string token, JsonWebKeySet keys, string issuer, string audience, byte[] nonce)
    {
        TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer,
            ValidAudience = audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeys = keys.GetSigningKeys(),
        });
        if (!result.IsValid)
        {
            throw new SecurityTokenException("The signature, the issuer, the audience or the time is not right.", result.Exception);
        }

        JsonElement claims = JsonElement.Parse(Base64UrlEncoder.DecodeBytes(((JsonWebToken)result.SecurityToken).EncodedPayload));
        JsonElement guest = claims.GetProperty("submods").GetProperty("cpu0");
        if (claims.GetProperty("eat_profile").GetString() != "tag:github.com,2023:veraison/ear"
            || claims.GetProperty("eat_nonce").GetString() != Base64UrlEncoder.Encode(nonce)
            || guest.GetProperty("ear.status").GetString() != "affirming")
        {
            throw new SecurityTokenException("Not for this question, or not trusted.");
        }

        return guest.GetProperty("ear.veraison.annotated-evidence");
    }
    // end
}
