using System.Text.Json;

namespace Verifier.Service.Identity.Bearer;

/// <summary>What a token says, by the path of a claim.</summary>
internal sealed class TokenClaims(JsonElement payload)
{
    /// <summary>
    /// A claim as text: a text as it stands, an integer as it is written, true or false by name. Null for everything else: a list, a
    /// number with a point or an exponent, a claim that is not there. Comparing is exact, so two ways to write a number are two values.
    /// </summary>
    public string? Text(params ReadOnlySpan<string> path)
    {
        JsonElement at = payload;
        foreach (string name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at.ValueKind switch
        {
            JsonValueKind.String => StrictJson.Text(at),
            JsonValueKind.Number => Integer(at.GetRawText()),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        };
    }

    /// <summary>A claim that is a text; null for everything else, a number included: one who signs 7 has not named "7".</summary>
    public string? TextOnly(string name) => StrictJson.Text(payload, name);

    public bool Has(string name) => payload.TryGetProperty(name, out _);

    /// <summary>Seconds since 1970; null when there is no such claim or it is no whole number of them.</summary>
    public DateTimeOffset? Time(string name) =>
        payload.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && Integer(value.GetRawText()) is not null
        && value.TryGetInt64(out long seconds) && seconds is >= 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>Whether a claim that is one text, or a list of texts, holds this one.</summary>
    public bool Holds(string name, string value)
    {
        if (!payload.TryGetProperty(name, out JsonElement claim))
        {
            return false;
        }

        return claim.ValueKind == JsonValueKind.Array
            ? claim.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String) && claim.EnumerateArray().Any(e => StrictJson.Text(e) == value)
            : StrictJson.Text(claim) == value;
    }

    private static string? Integer(string raw) => raw.AsSpan(raw[0] == '-' ? 1 : 0).ContainsAnyExceptInRange('0', '9') ? null : raw;
}
