namespace SevSnp.Checks;

/// <summary>
/// The table of all checks, and the law of acceptance: every check of the table occurs exactly once, and is passed, or not required
/// where the table says that it may be. A list that is empty, short, doubled or foreign is never accepted.
/// </summary>
public static class CheckTable
{
    /// <summary>Every check, in the order of the list.</summary>
    public static IReadOnlyList<CheckRule> All { get; } =
        [.. FormatRows.All, .. CertificateRows.All, .. BindingRows.All, .. GuestRows.All, .. PlatformRows.All];

    private static readonly Dictionary<CheckId, CheckRule> ById = All.ToDictionary(rule => rule.Id);

    /// <summary>The row of one check.</summary>
    /// <param name="id">A check other than <see cref="CheckId.None"/>.</param>
    /// <returns>The row.</returns>
    /// <exception cref="KeyNotFoundException">There is no such check.</exception>
    public static CheckRule Of(CheckId id) => ById[id];

    /// <summary>The law of acceptance.</summary>
    /// <param name="checks">The results.</param>
    /// <returns>True when every check of the table is there exactly once and holds, and there is no other.</returns>
    public static bool Holds(IReadOnlyList<CheckResult> checks) => Holds(checks, All);

    internal static bool Holds(IReadOnlyList<CheckResult> checks, IReadOnlyCollection<CheckRule> rules) =>
        checks.Count == rules.Count && rules.All(rule => IsHeldOnce(checks, rule));

    private static bool IsHeldOnce(IReadOnlyList<CheckResult> checks, CheckRule rule)
    {
        CheckResult? only = null;
        for (int i = 0; i < checks.Count; i++)
        {
            if (checks[i].Id != rule.Id)
            {
                continue;
            }

            if (only is not null)
            {
                return false;
            }

            only = checks[i];
        }

        return only is not null && rule.IsHeldBy(only.Status);
    }
}
