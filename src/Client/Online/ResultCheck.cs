using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SevSnp.Primitives;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;

namespace Verifier.Client.Online;

/// <summary>
/// Checks a result as whoever it is handed to would, and that it says what the verdict says. A result that does not hold is never written
/// or shown as one.
/// </summary>
internal static class ResultCheck
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Gets the keys, checks the result, and writes it where the user wants it.</summary>
    public static async Task<ResultView> KeepAsync(
        string token, ResultInput asked, HexBytes? nonce, VerdictView verdict, ServerInput server, DateTimeOffset now, CancellationToken cancellation)
    {
        ResultView view = await CheckAsync(token, asked, nonce, verdict, await ResultKeys.ReadAsync(asked, server, cancellation), now);
        if (asked.File is { } file)
        {
            OutputFile.Write(file, Encoding.ASCII.GetBytes(view.Token + "\n"));
        }

        return view;
    }

    public static async Task<ResultView> CheckAsync(string token, ResultInput asked, HexBytes? nonce, VerdictView verdict, JsonWebKeySet keys, DateTimeOffset now)
    {
        if (token.Length == 0)
        {
            throw Failure("the service gave no result");
        }

        TokenValidationResult validation = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = asked.Issuer,
            ValidAudience = asked.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeys = keys.GetSigningKeys(),
            LifetimeValidator = (from, until, _, _) => from - Skew <= now.UtcDateTime && now.UtcDateTime < until + Skew,
        });
        if (!validation.IsValid)
        {
            throw Failure(validation.Exception switch
            {
                SecurityTokenInvalidIssuerException => "it names another issuer",
                SecurityTokenInvalidAudienceException => "it is for another audience",
                SecurityTokenInvalidLifetimeException => "it is expired, or not valid yet",
                _ => "its signature is not by a key of the issuer",
            });
        }

        JsonWebToken jwt = (JsonWebToken)validation.SecurityToken;
        try
        {
            return Compare(JsonElement.Parse(Base64UrlEncoder.DecodeBytes(jwt.EncodedPayload), Strict), asked, nonce, verdict)
                with { Token = token, KeyId = jwt.Kid, ExpireTime = new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero) };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is how a text that is no Unicode comes out.
            throw Failure("its claims are no JSON in which each member stands once");
        }
    }

    private static ResultView Compare(JsonElement claims, ResultInput asked, HexBytes? nonce, VerdictView verdict)
    {
        string dot = asked.IsOf03 ? "_" : ".";
        JsonElement guest = Member(Member(claims, "submods"), "cpu0");
        JsonElement said = Member(guest, $"ear{dot}veraison{dot}policy{(asked.IsOf03 ? "_" : "-")}claims");
        string? status = Text(guest, $"ear{dot}status");
        string? fault =
            Text(claims, "eat_profile") != (asked.IsOf03 ? "tag:ietf.org,2026:rats/ear#03" : "tag:github.com,2023:veraison/ear") ? "it is of another profile"
            : Member(claims, "nbf").ValueKind != JsonValueKind.Number || Member(claims, "exp").ValueKind != JsonValueKind.Number ? "its times are no numbers"
            : nonce is null && Member(claims, "eat_nonce").ValueKind != JsonValueKind.Undefined ? "it is for another nonce"
            : nonce is not null && Text(claims, "eat_nonce") != Base64UrlEncoder.Encode(nonce.Span.ToArray()) ? "it is for another nonce"
            : Text(said, "evidence_id") != verdict.EvidenceId ? "it is about other evidence"
            : Text(said, "outcome") != verdict.Outcome ? "it says otherwise than the verdict"
            : status is not ("affirming" or "warning" or "contraindicated") ? "it has no status"
            : status == "affirming" && !verdict.IsAccepted ? "it affirms a guest that is refused"
            : null;
        return fault is null ? new ResultView { Status = status!, Token = "", KeyId = "", ExpireTime = default } : throw Failure(fault);
    }

    private static JsonElement Member(JsonElement map, string name) =>
        map.ValueKind == JsonValueKind.Object && map.TryGetProperty(name, out JsonElement value) ? value : default;

    private static string? Text(JsonElement map, string name) => Member(map, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static CommandFailure Failure(string why) =>
        new(ExitCode.Outage, $"the result must not be used: {why}", "check --issuer and --jwks, and the clocks of both machines");
}
