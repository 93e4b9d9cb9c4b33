using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Verifier.Service.Log.Copies;

/// <summary>
/// One line of a tenant's copy: the header, an entry of the log, a near variant, or the end. Its bytes are of one form only, so that no
/// byte can be changed without being noticed.
/// </summary>
internal sealed record CopyLine
{
    /// <summary>The only version of this format so far.</summary>
    public const int CurrentVersion = 1;

    // Base64 as it is, without escapes: it goes into no page.
    private static readonly CopyJson Lines = new(new JsonSerializerOptions(CopyJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Of the header: the version of the format.</summary>
    public int? V { get; init; }

    /// <summary>Of the header: whose copy it is.</summary>
    public string? Tenant { get; init; }

    /// <summary>Of the header: the signed head as it is stored.</summary>
    public byte[]? Head { get; init; }

    /// <summary>The bytes of an entry.</summary>
    public byte[]? Entry { get; init; }

    /// <summary>The bytes of a near variant.</summary>
    public byte[]? Near { get; init; }

    /// <summary>Of the last line: SHA-256 over all lines before it.</summary>
    public byte[]? End { get; init; }

    /// <summary>The line, with its line feed.</summary>
    public byte[] Encode() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Lines.CopyLine), (byte)'\n'];

    /// <summary>Reads a line without its line feed; null for whatever <see cref="Encode"/> would not write.</summary>
    public static CopyLine? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            CopyLine? line = JsonSerializer.Deserialize(bytes, Lines.CopyLine);
            return line is not null && line.Encode().AsSpan()[..^1].SequenceEqual(bytes) ? line : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The JSON of lines.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CopyLine))]
internal sealed partial class CopyJson : JsonSerializerContext;
