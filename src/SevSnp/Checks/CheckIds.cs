using SevSnp.Primitives;

namespace SevSnp.Checks;

/// <summary>The stable text names of <see cref="CheckId"/>.</summary>
public static class CheckIds
{
    private static readonly CheckId[] Ids = [.. Enum.GetValues<CheckId>().Where(id => id != CheckId.None)];

    private static readonly Dictionary<CheckId, string> Names = Ids.ToDictionary(id => id, id => UpperSnake.Of(id.ToString()));

    /// <summary>All checks, in the order of the check list.</summary>
    /// <returns>C1 to C48.</returns>
    public static IEnumerable<CheckId> All() => Ids.AsEnumerable();

    /// <summary>The name used in answers, logs and documents, for example <c>CHIP_ID_MATCHES_CERTIFICATE</c>.</summary>
    /// <param name="id">A check.</param>
    /// <returns>The name; <c>NONE</c> for <see cref="CheckId.None"/>.</returns>
    public static string WireName(this CheckId id) => Names.TryGetValue(id, out string? name) ? name : "NONE";
}
