using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace SevSnp.Policies.Documents;

/// <summary>The members of an enumeration as words in snake case, for example <c>mem_aes256_xts</c>.</summary>
internal static class Words<T>
    where T : struct, Enum
{
    // Zero members ("none", "unknown") are no values of their own; Required is the zero of a rule and is one.
    private static readonly FrozenDictionary<string, T> ByWord = Enum.GetValues<T>()
        .Where(v => !v.Equals(default(T)) || typeof(T) == typeof(RevocationRule))
        .ToFrozenDictionary(v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()), v => v, StringComparer.Ordinal);

    private static readonly FrozenDictionary<T, string> ByValue = ByWord.ToFrozenDictionary(p => p.Value, p => p.Key);

    public static T? Read(DocumentNode node) => node.String() is not { } word
        ? null
        : ByWord.TryGetValue(word, out T value) ? value : node.Fail<T?>($"must be one of {string.Join(", ", ByWord.Keys.Order(StringComparer.Ordinal))}");

    // A value that is no member can be made in code alone. It has no word, and reading refuses what stands for it.
    public static string Of(T value) => ByValue.GetValueOrDefault(value, "unknown");

    public static IEnumerable<T> Values => ByValue.Keys;
}

/// <summary>Sets of bits, as lists of words; a bit without a published meaning is <c>bit_</c> and its number.</summary>
internal static class BitWords
{
    private const int Bits = 64;
    private const string Unnamed = "bit_";

    public static ulong Read<T>(DocumentNode node, bool allowUnnamed)
        where T : struct, Enum
    {
        ulong bits = 0;
        foreach (DocumentNode item in node.Items(1, Bits) ?? [])
        {
            ulong? bit = allowUnnamed && Unpublished<T>(item) is { } unnamed ? unnamed : Words<T>.Read(item) is { } named ? Raw(named) : null;
            if (bit is { } value && (bits & value) != 0)
            {
                item.Fail<T>("stands in the list before");
            }

            bits |= bit ?? 0;
        }

        return bits;
    }

    /// <summary>The words of a set, in the order of the bits.</summary>
    public static IEnumerable<string> Of<T>(ulong bits)
        where T : struct, Enum
    {
        Dictionary<ulong, string> named = Words<T>.Values.ToDictionary(Raw, Words<T>.Of);
        return Enumerable.Range(0, Bits).Select(i => (Bit: 1UL << i, Number: i)).Where(b => (bits & b.Bit) != 0)
            .Select(b => named.TryGetValue(b.Bit, out string? word) ? word : string.Create(CultureInfo.InvariantCulture, $"{Unnamed}{b.Number}"));
    }

    /// <summary>A mask of bits without words.</summary>
    public static ulong? Mask(DocumentNode node) =>
        node.String() is not { } text ? null
        : text.StartsWith("0x", StringComparison.Ordinal) && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong mask)
            ? mask
            : node.Fail<ulong?>("must be a mask in hexadecimal, such as 0x0b");

    private static ulong? Unpublished<T>(DocumentNode item)
        where T : struct, Enum => item.Value.ValueKind == JsonValueKind.String
        && item.Value.GetString() is { } word
        && word.StartsWith(Unnamed, StringComparison.Ordinal)
        && byte.TryParse(word.AsSpan(Unnamed.Length), NumberStyles.None, CultureInfo.InvariantCulture, out byte number)
        && number < Bits
        && word == string.Create(CultureInfo.InvariantCulture, $"{Unnamed}{number}")
        && !Words<T>.Values.Any(v => Raw(v) == 1UL << number)
            ? 1UL << number
            : null;

    private static ulong Raw<T>(T value)
        where T : struct, Enum => Convert.ToUInt64(value, CultureInfo.InvariantCulture);
}
