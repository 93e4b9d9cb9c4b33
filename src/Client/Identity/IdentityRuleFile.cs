using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Verifier.Client.Input;
using Verifier.Client.Policies;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Identity;

/// <summary>A rule as a YAML file: the members of the contract, and the id beside them.</summary>
internal static class IdentityRuleFile
{
    public static (string Id, V1.IdentityRule Rule) Read(InputFile file)
    {
        try
        {
            YamlText yaml = YamlReader.Read(new UTF8Encoding(false, true).GetString(file.Bytes), aside: "id");
            JsonNode json = Text(JsonNode.Parse(yaml.Json.Span)!)!;
            if (json["roles"] is JsonArray roles)
            {
                json["roles"] = new JsonArray([.. roles.Select(r => JsonValue.Create($"ROLE_{r?.ToString().ToUpperInvariant()}"))]);
            }

            V1.IdentityRule rule = JsonParser.Default.Parse<V1.IdentityRule>(json.ToJsonString());
            return yaml.Aside is { Length: > 0 } id ? (id, rule) : throw CommandFailure.Usage($"{file.Name}: id: is required: the id of the rule");
        }
        catch (YamlFault e)
        {
            throw CommandFailure.Usage($"{file.Name}: {e.Message}");
        }
        catch (DecoderFallbackException)
        {
            throw CommandFailure.Usage($"{file.Name}: is no text in UTF-8");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw CommandFailure.Usage($"{file.Name}: is no rule: {e.Message}");
        }
    }

    // Every value of a rule is text; YAML takes digits for numbers.
    private static JsonNode? Text(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Select(m => KeyValuePair.Create(m.Key, Text(m.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Text)]),
        JsonValue v => JsonValue.Create(v.ToString()),
        _ => null,
    };
}
