using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Verifier.Service.Identity.Issuers;

namespace Verifier.Service.Identity.Bearer;

/// <summary>A bearer token that is well-formed. Nothing that it says is believed yet.</summary>
internal sealed class CompactToken
{
    /// <summary>Characters of the longest token: all headers of a call together have 8 KiB.</summary>
    public const int Longest = 7 * 1024;

    private const int LongestKeyId = 256;

    // Keys come from the configured issuer, never from whoever sends the token; and `crit` demands what is not done here.
    private static readonly string[] Refused = ["jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc"];

    private CompactToken(string text, string algorithm, string keyId, TokenClaims claims)
    {
        Text = text;
        Algorithm = algorithm;
        KeyId = keyId;
        Claims = claims;
    }

    public string Text { get; }

    public string Algorithm { get; }

    public string KeyId { get; }

    public TokenClaims Claims { get; }

    /// <summary>Of the token as it was sent, hexadecimal: tells uses of one token apart from those of another, and is no token.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Text)));

    public static bool TryParse(string text, [NotNullWhen(true)] out CompactToken? token, out TokenFault fault)
    {
        token = null;
        fault = text.Length > Longest ? TokenFault.TooLong : TokenFault.Malformed;
        if (fault == TokenFault.TooLong
            || text.Split('.', 4) is not [var head, var body, var signature]
            || !Base64UrlText.TryDecode(head, out byte[]? headBytes)
            || !Base64UrlText.TryDecode(body, out byte[]? bodyBytes)
            || !StrictJson.TryParseObject(headBytes, out JsonElement header)
            || !StrictJson.TryParseObject(bodyBytes, out JsonElement payload)
            || StrictJson.Text(header, "alg") is not { } algorithm)
        {
            return false;
        }

        // An unsigned token has no third part to decode; it is told by its algorithm.
        fault = !TokenAlgorithms.All.Contains(algorithm) ? TokenFault.AlgorithmNotAllowed
            : !Base64UrlText.TryDecode(signature, out _) ? TokenFault.Malformed
            : header.TryGetProperty("typ", out _) && StrictJson.Text(header, "typ") != "JWT" ? TokenFault.TypeNotAllowed
            : Refused.Any(name => header.TryGetProperty(name, out _)) ? TokenFault.HeaderNotAllowed
            : StrictJson.Text(header, "kid") is not { Length: >= 1 and <= LongestKeyId } ? TokenFault.KeyUnknown
            : TokenFault.None;
        if (fault != TokenFault.None)
        {
            return false;
        }

        token = new CompactToken(text, algorithm, StrictJson.Text(header, "kid")!, new TokenClaims(payload));
        return true;
    }
}
