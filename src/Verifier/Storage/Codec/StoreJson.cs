using System.Text.Json;
using System.Text.Json.Serialization;
using SevSnp.Launch;
using SevSnp.References;
using Verifier.Service.Documents;

namespace Verifier.Service.Storage.Codec;

/// <summary>
/// The JSON of everything stored. Strict: an unknown or doubled member, a missing one, or a null where none may be is a fault.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [
        typeof(WordConverter<LaunchKind>),
        typeof(WordConverter<ReferenceState>),
        typeof(WordConverter<ReferenceOrigin>),
        typeof(WordConverter<ProductLine>),
        typeof(WordConverter<TcbLayout>),
        typeof(WordConverter<KeyKind>),
        typeof(WordConverter<SignerKind>),
        typeof(WordConverter<LaunchProfile>),
        typeof(WordConverter<ZeroPages>),
        typeof(WordConverter<DocumentKind>),
    ])]
[JsonSerializable(typeof(RecordDocument))]
[JsonSerializable(typeof(TombstoneDocument))]
[JsonSerializable(typeof(NearDocument))]
[JsonSerializable(typeof(RequestDocument))]
[JsonSerializable(typeof(DocumentRecord))]
internal sealed partial class StoreJson : JsonSerializerContext;

/// <summary>An enumeration as a word in kebab case. Numbers, other cases and words this version does not know are refused.</summary>
internal sealed class WordConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Words =
        Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()));

    private static readonly Dictionary<string, T> Values = Words.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out T value)
            ? value
            : throw new JsonException($"Not a known {typeof(T).Name}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Words.TryGetValue(value, out string? word) ? word : throw new JsonException($"{value} is no {typeof(T).Name}."));
}
