using System.Buffers;

namespace Verifier.Ledger;

/// <summary>The texts that name things in a log.</summary>
internal static class LogNames
{
    /// <summary>1 to 63 of <c>[a-z0-9-]</c>, beginning and ending with a letter or digit: a tenant's name, the id of a resource.</summary>
    public static bool IsId(ReadOnlySpan<char> text) =>
        text.Length is >= 1 and <= 63 && IsAlphanumeric(text[0]) && IsAlphanumeric(text[^1]) && !text.ContainsAnyExcept(IdCharacters);

    /// <summary>A collection and an id, <c>referenceValues/ID</c>.</summary>
    public static bool IsResource(ReadOnlySpan<char> text)
    {
        int slash = text.IndexOf('/');
        return slash is >= 1 and <= 63 && !text[..slash].ContainsAnyExcept(Letters) && IsId(text[(slash + 1)..]);
    }

    /// <summary>A word of what was done: 1 to 63 of <c>[a-z0-9_-]</c>.</summary>
    public static bool IsAction(ReadOnlySpan<char> text) => text.Length is >= 1 and <= 63 && !text.ContainsAnyExcept(ActionCharacters);

    /// <summary>A SHA-384 digest: 96 hexadecimal digits in lower case.</summary>
    public static bool IsMeasurement(ReadOnlySpan<char> text) => text.Length == 96 && !text.ContainsAnyExcept(HexDigits);

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> ActionCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-");
    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private static bool IsAlphanumeric(char c) => c is >= 'a' and <= 'z' or >= '0' and <= '9';
}
