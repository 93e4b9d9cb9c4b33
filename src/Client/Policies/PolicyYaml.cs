using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Verifier.Client.Policies;

/// <summary>A policy's document as the YAML that <see cref="PolicyFile"/> reads back to the same document.</summary>
internal static class PolicyYaml
{
    // Read as anything but text, by this program or another one.
    private static readonly string[] Words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

    public static string Write(string name, ReadOnlyMemory<byte> document)
    {
        using JsonDocument json = JsonDocument.Parse(document);
        StringBuilder yaml = new();
        yaml.Append("name: ").Append(Text(name)).Append('\n');
        Members(yaml, json.RootElement, "");
        return yaml.ToString();
    }

    private static void Members(StringBuilder yaml, JsonElement group, string indent)
    {
        foreach (JsonProperty member in group.EnumerateObject())
        {
            yaml.Append(indent).Append(member.Name).Append(':');
            Value(yaml, member.Value, indent);
        }
    }

    private static void Value(StringBuilder yaml, JsonElement value, string indent)
    {
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any())
        {
            yaml.Append('\n');
            Members(yaml, value, indent + "  ");
        }
        else if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(i => i.ValueKind == JsonValueKind.Object))
        {
            yaml.Append('\n');
            foreach (JsonElement item in value.EnumerateArray())
            {
                StringBuilder members = new();
                Members(members, item, indent + "    ");
                yaml.Append(indent).Append("  - ").Append(members.ToString().AsSpan(indent.Length + 4));
            }
        }
        else
        {
            yaml.Append(' ').Append(Flow(value)).Append('\n');
        }
    }

    private static string Flow(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Flow))}]",
        JsonValueKind.Object => "{}",
        JsonValueKind.String => Text(value.GetString()!),
        _ => value.GetRawText(),
    };

    // A text in double quotes is written as in JSON, which YAML reads too.
    private static string Text(string text) => IsWord(text) ? text : $"\"{JavaScriptEncoder.Default.Encode(text)}\"";

    private static bool IsWord(string text) =>
        text.Length > 0
        && char.IsAsciiLetter(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
        && !Words.Contains(text, StringComparer.OrdinalIgnoreCase);
}
