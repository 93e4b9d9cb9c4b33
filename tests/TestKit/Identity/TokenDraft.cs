using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Verifier.TestKit.Identity;

/// <summary>A token before it is signed. Each change makes another draft, so that a test spoils exactly one thing of a good one.</summary>
public sealed class TokenDraft
{
    private readonly string _header;
    private readonly string _payload;
    private readonly Func<byte[], byte[]> _sign;

    private TokenDraft(string header, string payload, Func<byte[], byte[]> sign) => (_header, _payload, _sign) = (header, payload, sign);

    /// <summary>Begins with a key of the issuer.</summary>
    /// <param name="key">Signs it, and names itself in the header.</param>
    /// <param name="claims">What it says.</param>
    /// <returns>The draft.</returns>
    public static TokenDraft Of(IssuerSigningKey key, JsonObject claims) =>
        new(new JsonObject { ["typ"] = "JWT", ["alg"] = key.Algorithm, ["kid"] = key.Id }.ToJsonString(), claims.ToJsonString(), key.Sign);

    /// <summary>Says something else in one claim.</summary>
    /// <param name="claim">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Another draft.</returns>
    public TokenDraft With(string claim, JsonNode? value) => new(_header, Set(_payload, claim, value), _sign);

    /// <summary>Says nothing in one claim.</summary>
    /// <param name="claim">Its name.</param>
    /// <returns>Another draft.</returns>
    public TokenDraft Without(string claim) => new(_header, Drop(_payload, claim), _sign);

    /// <summary>Says something else in the header.</summary>
    /// <param name="name">Name of the member.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Another draft.</returns>
    public TokenDraft WithHeader(string name, JsonNode? value) => new(Set(_header, name, value), _payload, _sign);

    /// <summary>Leaves something out of the header.</summary>
    /// <param name="name">Name of the member.</param>
    /// <returns>Another draft.</returns>
    public TokenDraft WithoutHeader(string name) => new(Drop(_header, name), _payload, _sign);

    /// <summary>Appends members to the claims as they are written, also one that is there already.</summary>
    /// <param name="members">For example <c>"sub":"other"</c>.</param>
    /// <returns>Another draft.</returns>
    public TokenDraft WithRawClaims(string members) => new(_header, $"{_payload[..^1]},{members}}}", _sign);

    /// <summary>Appends members to the header as they are written.</summary>
    /// <param name="members">For example <c>"alg":"none"</c>.</param>
    /// <returns>Another draft.</returns>
    public TokenDraft WithRawHeader(string members) => new($"{_header[..^1]},{members}}}", _payload, _sign);

    /// <summary>Signs by other means.</summary>
    /// <param name="sign">From the signed bytes to the signature.</param>
    /// <returns>Another draft.</returns>
    public TokenDraft SignedBy(Func<byte[], byte[]> sign) => new(_header, _payload, sign);

    /// <summary>The token.</summary>
    /// <returns>In the compact form of RFC 7515.</returns>
    public override string ToString()
    {
        string signed = $"{Encode(_header)}.{Encode(_payload)}";
        return $"{signed}.{Base64Url.EncodeToString(_sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static string Set(string json, string name, JsonNode? value)
    {
        JsonObject changed = JsonNode.Parse(json)!.AsObject();
        changed[name] = value;
        return changed.ToJsonString();
    }

    private static string Drop(string json, string name)
    {
        JsonObject changed = JsonNode.Parse(json)!.AsObject();
        changed.Remove(name);
        return changed.ToJsonString();
    }
}
