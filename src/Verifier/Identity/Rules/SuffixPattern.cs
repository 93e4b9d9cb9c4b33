namespace Verifier.Service.Identity.Rules;

/// <summary>The only wildcard there is: a <c>*</c> as the last character, which stands for whatever follows.</summary>
internal static class SuffixPattern
{
    private const string Branches = "refs/heads/";
    private const string Tags = "refs/tags/";

    public static bool Matches(string pattern, string? value) =>
        value is not null
        && (pattern.EndsWith('*') ? value.StartsWith(pattern[..^1], StringComparison.Ordinal) && value.Length >= pattern.Length : value == pattern);

    /// <summary>
    /// For a file with its ref, <c>FILE@REF</c>. What the wildcard stands for must not hold an <c>@</c>: else the name of a file could
    /// be made to look like this file and its ref.
    /// </summary>
    public static bool MatchesFileAtRef(string pattern, string? value) =>
        Matches(pattern, value) && (!pattern.EndsWith('*') || !value.AsSpan(pattern.Length - 1).Contains('@'));

    /// <summary>A branch or a tag by its full name, perhaps with a wildcard at the end.</summary>
    public static bool IsRef(ReadOnlySpan<char> pattern)
    {
        int prefix = pattern.StartsWith(Branches) ? Branches.Length : pattern.StartsWith(Tags) ? Tags.Length : int.MaxValue;
        return pattern.Length > prefix && !pattern[..^1].Contains('*');
    }

    /// <summary><c>FILE@REF</c>, the file exact. A ref may be a commit here.</summary>
    public static bool IsFileAtRef(string pattern)
    {
        int at = pattern.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && !pattern.AsSpan(0, at).Contains('*') && (IsRef(pattern.AsSpan(at + 1)) || IsCommit(pattern[(at + 1)..]));
    }

    private static bool IsCommit(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);
}
