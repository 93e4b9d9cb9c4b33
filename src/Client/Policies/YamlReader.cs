using System.Globalization;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Verifier.Client.Policies;

/// <summary>
/// A small and strict part of YAML, as JSON: mappings, lists, and plain values. Whole numbers and true and false are what they look like,
/// everything else is text. Anchors, aliases, tags, directives, a second document and doubled members are refused.
/// </summary>
internal sealed class YamlReader : IDisposable
{
    private const int MaxDepth = 8;
    private const int MaxNodes = 50_000;
    private const int MaxDigits = 10;
    private const string NotYaml = "is no well-formed YAML";

    private readonly Parser _events;
    private readonly MemoryStream _json = new();
    private readonly Utf8JsonWriter _writer;
    private readonly Dictionary<string, TextPlace> _places = new(StringComparer.Ordinal);
    private readonly string? _asideName;
    private string? _aside;
    private int _nodes;

    private YamlReader(string text, string? aside)
    {
        _events = new Parser(new StringReader(text));
        _writer = new Utf8JsonWriter(_json);
        _asideName = aside;
    }

    /// <summary>Reads a document.</summary>
    /// <param name="text">The text.</param>
    /// <param name="aside">A member of the outermost mapping that is text and is not part of the document.</param>
    /// <exception cref="YamlFault">It is not in that part of YAML.</exception>
    public static YamlText Read(string text, string? aside = null)
    {
        using YamlReader reader = new(text, aside);
        reader.Document();
        return new YamlText(reader._json.ToArray(), reader._aside, reader._places);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _json.Dispose();
    }

    private void Document()
    {
        Next<StreamStart>("");
        DocumentStart start = Next<DocumentStart>("must hold a document");
        if (start.Version is not null || start.Tags is { Count: > 0 } tags && !tags.All(t => t.Prefix is "!" or "tag:yaml.org,2002:"))
        {
            throw Fault(start, "directives are not allowed");
        }

        Advance();
        if (_events.Current is not MappingStart)
        {
            throw Fault(_events.Current!, "must be a mapping of members to values");
        }

        Node("", 1);
        Next<DocumentEnd>("must end here");
        Next<StreamEnd>("there must be one document only");
        _writer.Flush();
    }

    private void Node(string path, int depth)
    {
        ParsingEvent current = _events.Current!;
        _places[path] = Place(current.Start);
        if (++_nodes > MaxNodes)
        {
            throw Fault(current, $"there are more than {MaxNodes} values");
        }

        if (current is AnchorAlias || (current is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty)))
        {
            throw Fault(current, "anchors, aliases and tags are not allowed");
        }

        switch (current)
        {
            case Scalar scalar:
                Value(scalar);
                break;
            case MappingStart when depth <= MaxDepth:
                Mapping(path, depth);
                break;
            case SequenceStart when depth <= MaxDepth:
                Sequence(path, depth);
                break;
            default:
                throw Fault(current, $"stands deeper than {MaxDepth} levels");
        }
    }

    private void Mapping(string path, int depth)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        _writer.WriteStartObject();
        for (Advance(); _events.Current is not MappingEnd; Advance())
        {
            if (_events.Current is not Scalar { Anchor.IsEmpty: true, Tag.IsEmpty: true, Value.Length: > 0 } key)
            {
                throw Fault(_events.Current!, "must be the name of a member");
            }

            if (!seen.Add(key.Value))
            {
                throw Fault(key, $"{key.Value} stands here twice");
            }

            Advance();
            string member = path.Length == 0 ? key.Value : $"{path}.{key.Value}";
            if (depth == 1 && key.Value == _asideName)
            {
                _aside = _events.Current is Scalar { Anchor.IsEmpty: true, Tag.IsEmpty: true } text ? text.Value : throw Fault(_events.Current!, "must be a text");
                _places[member] = Place(text.Start);
                continue;
            }

            _writer.WritePropertyName(key.Value);
            Node(member, depth + 1);
        }

        _writer.WriteEndObject();
    }

    private void Sequence(string path, int depth)
    {
        _writer.WriteStartArray();
        Advance();
        for (int i = 0; _events.Current is not SequenceEnd; i++)
        {
            Node(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), depth + 1);
            Advance();
        }

        _writer.WriteEndArray();
    }

    private void Value(Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.Plain)
        {
            _writer.WriteStringValue(scalar.Value);
            return;
        }

        switch (scalar.Value)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                throw Fault(scalar, "has no value; leave the member out");
            case "true" or "false":
                _writer.WriteBooleanValue(scalar.Value == "true");
                break;
            case var digits when digits.Length <= MaxDigits && digits.All(char.IsAsciiDigit) && (digits.Length == 1 || digits[0] != '0'):
                _writer.WriteNumberValue(long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture));
                break;
            default:
                _writer.WriteStringValue(scalar.Value);
                break;
        }
    }

    private T Next<T>(string otherwise)
        where T : ParsingEvent
    {
        Advance();
        return _events.Current as T ?? throw Fault(_events.Current!, otherwise);
    }

    private void Advance()
    {
        TextPlace last = _events.Current is { } current ? Place(current.End) : default;
        try
        {
            if (!_events.MoveNext())
            {
                throw new YamlFault(last, "ends too early");
            }
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException or ArgumentException)
        {
            // The last two are how the scanner gives up on some texts, "\UFFFFFFFF" among them, and name no place.
            throw new YamlFault(e is YamlException { Start: var start } ? Place(start) : last, NotYaml);
        }
    }

    private static YamlFault Fault(ParsingEvent at, string rule) => new(Place(at.Start), rule);

    private static TextPlace Place(Mark mark) => new(mark.Line, mark.Column);
}
