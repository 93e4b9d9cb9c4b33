using System.Text.Json;
using System.Text.Unicode;

namespace Verifier.Service.Identity.Bearer;

/// <summary>JSON from outside: one object, no member twice at any depth (two readers would see two truths), bounded in depth.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    public static bool TryParseObject(ReadOnlyMemory<byte> json, out JsonElement root)
    {
        root = default;
        if (!Utf8.IsValid(json.Span))
        {
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Options);
            root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is how the platform tells of a name with half a surrogate pair, written as an escape.
            return false;
        }
    }

    /// <summary>The member's text; null when there is no such member or it is no text.</summary>
    public static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) ? Text(value) : null;

    /// <summary>The text; null when it is none.</summary>
    public static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape.
            return null;
        }
    }
}
