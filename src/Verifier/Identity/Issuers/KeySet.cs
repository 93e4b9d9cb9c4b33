using System.Text.Json;
using Verifier.Service.Identity.Bearer;

namespace Verifier.Service.Identity.Issuers;

/// <summary>An issuer's published keys (RFC 7517), read strictly. Keys of kinds that no token is taken with are left out.</summary>
internal sealed class KeySet
{
    private const int MostKeys = 128;
    private const int LongestId = 256;

    private readonly Dictionary<string, IssuerKey> _byId;

    private KeySet(Dictionary<string, IssuerKey> byId) => _byId = byId;

    public int Count => _byId.Count;

    public IssuerKey? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Null when it is no set of keys.</summary>
    public static KeySet? TryParse(ReadOnlyMemory<byte> json)
    {
        if (StrictJson.TryParseObject(json, out JsonElement root)
            && root.TryGetProperty("keys", out JsonElement keys)
            && keys.ValueKind == JsonValueKind.Array
            && keys.GetArrayLength() <= MostKeys)
        {
            return new KeySet(Unambiguous(keys.EnumerateArray().Select(Read).OfType<IssuerKey>()));
        }

        return null;
    }

    // Two keys under one name: which of them a token means cannot be told, so it means neither.
    private static Dictionary<string, IssuerKey> Unambiguous(IEnumerable<IssuerKey> keys) => keys
        .GroupBy(k => k.Id, StringComparer.Ordinal)
        .Where(g => g.DistinctBy(k => k.Thumbprint).Count() == 1)
        .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);

    private static IssuerKey? Read(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object
            || StrictJson.Text(key, "kid") is not { Length: >= 1 and <= LongestId } id
            || (key.TryGetProperty("use", out _) && StrictJson.Text(key, "use") != "sig"))
        {
            return null;
        }

        IssuerKey? read = StrictJson.Text(key, "kty") switch
        {
            "RSA" when Number(key, "n") is { } n && Number(key, "e") is { } e => IssuerKey.Rsa(id, n, e),
            "EC" when StrictJson.Text(key, "crv") is { } curve && Number(key, "x") is { } x && Number(key, "y") is { } y => IssuerKey.Ec(id, curve, x, y),
            _ => null,
        };
        return read is not null && key.TryGetProperty("alg", out _) && StrictJson.Text(key, "alg") != read.Algorithm ? null : read;
    }

    private static byte[]? Number(JsonElement key, string name) => StrictJson.Text(key, name) is { } text && Base64UrlText.TryDecode(text, out byte[]? bytes) ? bytes : null;
}
