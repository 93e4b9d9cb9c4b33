using System.Text.Json;
using System.Text.Json.Serialization;
using Verifier.Service.Documents;

namespace Verifier.Service.Storage.Codec;

/// <summary>A document as a store keeps it: a deleted one stays, so that its versions go on counting.</summary>
internal sealed record KeptDocument(StoredDocument Document, bool Deleted);

/// <summary>A document as it is stored. See <see cref="RecordDocument"/>.</summary>
internal sealed record DocumentRecord
{
    /// <summary>The only version of this format so far.</summary>
    public const int CurrentVersion = 1;

    public required int V { get; init; }

    public required string Tenant { get; init; }

    public required DocumentKind Kind { get; init; }

    public required string Id { get; init; }

    public required long Version { get; init; }

    /// <summary>Only ever written where true; there is no content then.</summary>
    public bool? Deleted { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required DateTimeOffset UpdateTime { get; init; }

    public required string Etag { get; init; }

    [JsonConverter(typeof(RawJsonConverter))]
    public JsonElement? Content { get; init; }
}

/// <summary>JSON inside of JSON, byte for byte: the room that owns it may hash it.</summary>
internal sealed class RawJsonConverter : JsonConverter<JsonElement?>
{
    public override JsonElement? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.Clone();
    }

    public override void Write(Utf8JsonWriter writer, JsonElement? value, JsonSerializerOptions options)
    {
        if (value is { } element)
        {
            writer.WriteRawValue(element.GetRawText(), skipInputValidation: true);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
