using System.Text.Json;

namespace Verifier.Ledger;

/// <summary>
/// Reads a JSON object whose members stand in one known order. Anything else is a <see cref="JsonException"/>; the callers catch it at
/// the one place where they turn it into a typed fault.
/// </summary>
internal ref struct MemberReader(ReadOnlySpan<byte> bytes)
{
    private Utf8JsonReader _json = new(bytes, new JsonReaderOptions { MaxDepth = 64 });

    /// <summary>Where reading stands: the offset of the token last read.</summary>
    public readonly long Offset => _json.TokenStartIndex;

    public void Begin()
    {
        Next();
        Require(_json.TokenType == JsonTokenType.StartObject, "An object is wanted.");
        Next();
    }

    /// <summary>Ends the outer object: nothing but white space may follow.</summary>
    public void End()
    {
        Require(_json.TokenType == JsonTokenType.EndObject, "There is a member too many, or one in the wrong place.");
        Require(!_json.Read(), "Something follows the object.");
    }

    public void BeginObject(ReadOnlySpan<byte> name)
    {
        Member(name);
        Require(_json.TokenType == JsonTokenType.StartObject, "An object is wanted.");
        Next();
    }

    public void EndObject()
    {
        Require(_json.TokenType == JsonTokenType.EndObject, "There is a member too many, or one in the wrong place.");
        Next();
    }

    public readonly bool Has(ReadOnlySpan<byte> name) => _json.TokenType == JsonTokenType.PropertyName && _json.ValueTextEquals(name);

    public readonly bool HasMember => _json.TokenType == JsonTokenType.PropertyName;

    public string Text(ReadOnlySpan<byte> name)
    {
        Member(name);
        return TakeText();
    }

    /// <summary>The next member, whatever its name.</summary>
    public KeyValuePair<string, string> TextMember()
    {
        Require(_json.TokenType == JsonTokenType.PropertyName, "A member is wanted.");
        string name = _json.GetString()!;
        Next();
        return new(name, TakeText());
    }

    public long Int64(ReadOnlySpan<byte> name)
    {
        Member(name);
        Require(_json.TokenType == JsonTokenType.Number, "A whole number is wanted.");
        Require(_json.TryGetInt64(out long value), "A whole number is wanted.");
        Next();
        return value;
    }

    public List<string> Texts(ReadOnlySpan<byte> name, int most)
    {
        Member(name);
        Require(_json.TokenType == JsonTokenType.StartArray, "An array is wanted.");
        Next();
        List<string> texts = [];
        while (_json.TokenType != JsonTokenType.EndArray)
        {
            Require(texts.Count < most, "The array is too long.");
            texts.Add(TakeText());
        }

        Next();
        return texts;
    }

    /// <summary>Where a value stands, from its first to its last character.</summary>
    public Range Raw(ReadOnlySpan<byte> name)
    {
        Member(name);
        int start = (int)_json.TokenStartIndex;
        _json.Skip();
        Range raw = start..(int)_json.BytesConsumed;
        Next();
        return raw;
    }

    private string TakeText()
    {
        Require(_json.TokenType == JsonTokenType.String, "A text is wanted.");
        string text = _json.GetString()!;
        Next();
        return text;
    }

    private void Member(ReadOnlySpan<byte> name)
    {
        Require(Has(name), "Another member is wanted here.");
        Next();
    }

    private void Next() => Require(_json.Read(), "The text ends too early.");

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new JsonException(rule);
        }
    }
}
