using System.Text.Json;
using SevSnp.Primitives;

namespace SevSnp.Policies.Documents;

/// <summary>The faults of one document. Bounded: a hostile one gets a short answer.</summary>
internal sealed class DocumentFaults
{
    private const int Most = 16;
    private readonly List<PolicyFault> _items = [];

    public IReadOnlyList<PolicyFault> Items => _items;

    public void Add(string path, string rule)
    {
        if (_items.Count < Most)
        {
            _items.Add(new PolicyFault(path, rule));
        }
    }
}

/// <summary>A place in a document. Each reading method tells what is wrong there, and gives null, when the value is not what it must be.</summary>
internal readonly record struct DocumentNode(JsonElement Value, string Path, DocumentFaults Faults)
{
    public T? Fail<T>(string rule)
    {
        Faults.Add(Path, rule);
        return default;
    }

    /// <summary>The members of an object, all of them known.</summary>
    public IReadOnlyDictionary<string, DocumentNode> Members(params ReadOnlySpan<string> known)
    {
        Dictionary<string, DocumentNode> members = new(StringComparer.Ordinal);
        if (Value.ValueKind != JsonValueKind.Object)
        {
            Faults.Add(Path, $"must be a group of members, is {Found}");
            return members;
        }

        foreach (JsonProperty property in Value.EnumerateObject())
        {
            DocumentNode member = new(property.Value, Path.Length == 0 ? property.Name : $"{Path}.{property.Name}", Faults);
            if (known.Contains(property.Name))
            {
                members.Add(property.Name, member);
            }
            else
            {
                Faults.Add(member.Path, "there is no such member");
            }
        }

        return members;
    }

    public DocumentNode[]? Items(int least, int most)
    {
        if (Value.ValueKind != JsonValueKind.Array)
        {
            return Fail<DocumentNode[]>($"must be a list, is {Found}");
        }

        int count = Value.GetArrayLength();
        if (count < least || count > most)
        {
            return Fail<DocumentNode[]>(count == 0 ? "must not be empty; leave it out where nothing is demanded" : $"must have {least} to {most} items, has {count}");
        }

        DocumentNode[] items = new DocumentNode[count];
        for (int i = 0; i < count; i++)
        {
            items[i] = new DocumentNode(Value[i], $"{Path}[{i}]", Faults);
        }

        return items;
    }

    /// <summary>A set: a list without an item twice.</summary>
    public HashSet<T>? Set<T>(int least, int most, Func<DocumentNode, T?> read, IEqualityComparer<T>? comparer = null)
        where T : class => Set<T, T>(least, most, read, comparer, value => value!);

    public HashSet<T>? SetOf<T>(int least, int most, Func<DocumentNode, T?> read)
        where T : struct => Set<T, T?>(least, most, read, null, value => value!.Value);

    public string? Text(int most, Func<string, bool>? isAllowed = null, string wanted = "printable characters")
    {
        string? text = String();
        return text is null || (text.Length >= 1 && text.Length <= most && (isAllowed ?? IsPrintable)(text)) ? text : Fail<string>($"must be 1 to {most} {wanted}");
    }

    public string? String() => Value.ValueKind == JsonValueKind.String ? Value.GetString() : Fail<string>($"must be a text, is {Found}");

    public uint? Number(uint least, uint most) => Value.ValueKind == JsonValueKind.Number && Value.TryGetUInt32(out uint number) && number >= least && number <= most
        ? number
        : Fail<uint?>($"must be a whole number from {least} to {most}");

    public bool? Flag() => Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Value.GetBoolean() : Fail<bool?>($"must be true or false, is {Found}");

    public HexBytes? Hex(int length) => String() is not { } text
        ? null
        : HexBytes.TryParse(text, length, out HexBytes? bytes) ? bytes : Fail<HexBytes>($"must be {length} bytes in hexadecimal");

    /// <summary>A digest that names something, and so is never zero.</summary>
    public Digest384? Digest() => String() is not { } text
        ? null
        : Digest384.TryParse(text, out Digest384 digest) && !digest.IsZero ? digest : Fail<Digest384?>("must be 48 bytes in hexadecimal, not all zero");

    private HashSet<TItem>? Set<TItem, TRead>(int least, int most, Func<DocumentNode, TRead?> read, IEqualityComparer<TItem>? comparer, Func<TRead?, TItem> unwrap)
    {
        if (Items(least, most) is not { } items)
        {
            return null;
        }

        HashSet<TItem> set = new(comparer);
        foreach (DocumentNode item in items)
        {
            if (read(item) is { } value && !set.Add(unwrap(value)))
            {
                item.Fail<TItem>("stands in the list before");
            }
        }

        return set;
    }

    private string Found => Value.ValueKind switch
    {
        JsonValueKind.Object => "a group of members",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "nothing",
    };

    private static bool IsPrintable(string text) => !text.Any(char.IsControl) && text == text.Trim();
}
