using SevSnp.Checks;

namespace Verifier.Client.Output;

/// <summary>What the library's table says of a check, for one that this client knows: a newer service may send others.</summary>
internal static class CheckWords
{
    private const string Unknown = "other";

    private static readonly Dictionary<string, CheckRule> ByName = CheckTable.All.ToDictionary(rule => rule.Name, StringComparer.Ordinal);

    /// <summary>What to do when it failed; null for a check that is not known.</summary>
    public static string? Remedy(string id) => ByName.GetValueOrDefault(id)?.Remedy;

    /// <summary>A few words, as in the middle of a sentence; the id itself for a check that is not known.</summary>
    public static string Title(string id) => ByName.TryGetValue(id, out CheckRule? rule) ? InSentence(rule.Title) : id;

    /// <summary>The part of judging it belongs to.</summary>
    public static string Stage(string id) => ByName.TryGetValue(id, out CheckRule? rule) ? rule.Stage.ToString().ToLowerInvariant() : Unknown;

    // An abbreviation, such as VMPL, keeps its capitals.
    private static string InSentence(string title) => title.Length > 1 && char.IsLower(title[1]) ? char.ToLowerInvariant(title[0]) + title[1..] : title;
}
