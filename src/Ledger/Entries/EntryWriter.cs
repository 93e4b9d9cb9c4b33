using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Verifier.Ledger;

/// <summary>The one form of an entry's bytes.</summary>
internal static class EntryWriter
{
    /// <summary>Seven digits of fractions always, so that a time has one text.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static byte[] Write(LogEntry entry)
    {
        if (EntryRules.Broken(entry) is { } rule)
        {
            throw new ArgumentException($"Not an entry: {rule}.", nameof(entry));
        }

        byte[] bytes = Write(entry, validated: false);
        return bytes.Length <= LogEntry.MaxLength ? bytes : throw new ArgumentException($"An entry has at most {LogEntry.MaxLength} bytes.", nameof(entry));
    }

    /// <summary>Writes what has passed the rules; raw JSON that a reader has just walked over is not read once more.</summary>
    public static byte[] Write(LogEntry entry, bool validated)
    {
        ArrayBufferWriter<byte> buffer = new(512 + entry.Before.Length + entry.After.Length);
        using Utf8JsonWriter json = new(buffer);
        json.WriteStartObject();
        json.WriteNumber("v"u8, EntryRules.Version);
        json.WriteString("tenant"u8, entry.Tenant);
        json.WriteString("at"u8, entry.At.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        json.WriteString("action"u8, entry.Action);
        json.WriteString("resource"u8, entry.Resource);
        WriteActor(json, entry.Actor);
        if (entry.Reason is { } reason)
        {
            json.WriteString("reason"u8, reason);
        }

        WriteRaw(json, "before"u8, entry.Before, validated);
        WriteRaw(json, "after"u8, entry.After, validated);
        WriteTexts(json, "revoked"u8, entry.Revoked);
        WriteTexts(json, "lifted"u8, entry.Lifted);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteActor(Utf8JsonWriter json, EntryActor actor)
    {
        json.WriteStartObject("actor"u8);
        json.WriteString("name"u8, actor.Name);
        json.WriteString("issuer"u8, actor.Issuer);
        json.WriteString("subject"u8, actor.Subject);
        json.WriteStartObject("claims"u8);
        foreach ((string name, string value) in actor.Claims.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte> raw, bool validated)
    {
        if (raw.IsEmpty)
        {
            return;
        }

        // A reader takes a value from its first character to its last; white space around it would not come back.
        if (IsSpace(raw.Span[0]) || IsSpace(raw.Span[^1]))
        {
            throw new ArgumentException("A stored value begins and ends without white space.", nameof(raw));
        }

        json.WritePropertyName(name);
        try
        {
            json.WriteRawValue(raw.Span, skipInputValidation: validated);
        }
        catch (JsonException e)
        {
            throw new ArgumentException("A stored value is one JSON value.", nameof(raw), e);
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
