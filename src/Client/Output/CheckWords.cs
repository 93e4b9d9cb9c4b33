using SevSnp.Checks;

namespace Verifier.Client.Output;

/// <summary>What the library's table says of a check, for one that this client knows: a newer service may send others.</summary>
internal static class CheckWords
{
    private const string Unknown = "other";

    private static readonly Dictionary<string, CheckRule> ByName = CheckTable.All.ToDictionary(rule => rule.Name, StringComparer.Ordinal);

    /// <summary>What to do when it failed; null for a check that is not known.</summary>
    public static string? Remedy(string id) => ByName.GetValueOrDefault(id)?.Remedy;

    /// <summary>A few words; the id itself for a check that is not known.</summary>
    public static string Title(string id) => ByName.TryGetValue(id, out CheckRule? rule) ? char.ToLowerInvariant(rule.Title[0]) + rule.Title[1..] : id;

    /// <summary>The part of judging it belongs to.</summary>
    public static string Stage(string id) => ByName.TryGetValue(id, out CheckRule? rule) ? rule.Stage.ToString().ToLowerInvariant() : Unknown;
}
