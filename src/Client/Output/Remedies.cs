using SevSnp.Checks;

namespace Verifier.Client.Output;

/// <summary>What to do when a check failed, from the library's table; nothing for a check that this client does not know.</summary>
internal static class Remedies
{
    private static readonly Dictionary<string, string> ByName = CheckTable.All.ToDictionary(rule => rule.Name, rule => rule.Remedy, StringComparer.Ordinal);

    public static string? For(string checkId) => ByName.GetValueOrDefault(checkId);
}
