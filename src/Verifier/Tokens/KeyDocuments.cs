using System.Text.Json;

namespace Verifier.Service.Tokens;

/// <summary>The JWK set (RFC 7517), and where to find it in the way of OpenID Connect Discovery.</summary>
internal static class KeyDocuments
{
    public static byte[] Keys(IEnumerable<TokenKey> keys) => Write(json =>
    {
        json.WriteStartArray("keys");
        foreach (TokenKey key in keys)
        {
            json.WriteStartObject();
            json.WriteString("kty", "EC");
            json.WriteString("crv", "P-256");
            json.WriteString("use", "sig");
            json.WriteString("alg", "ES256");
            json.WriteString("kid", key.Id);
            json.WriteString("x", key.X);
            json.WriteString("y", key.Y);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static byte[] Discovery(string issuer) => Write(json =>
    {
        json.WriteString("issuer", issuer);
        json.WriteString("jwks_uri", issuer + TokenListener.KeysPath);
        WriteList(json, "response_types_supported", "id_token");
        WriteList(json, "subject_types_supported", "public");
        WriteList(json, "id_token_signing_alg_values_supported", "ES256");
    });

    private static void WriteList(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartArray(name);
        json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
