using System.Numerics;

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

    // Row n is that of the check with the number n + 1.
    private static readonly CheckRule[] Rows = [.. All];

    /// <summary>The row of one check.</summary>
    /// <param name="id">A check other than <see cref="CheckId.None"/>.</param>
    /// <returns>The row.</returns>
    /// <exception cref="KeyNotFoundException">There is no such check.</exception>
    public static CheckRule Of(CheckId id) => id > CheckId.None && id <= Rows[^1].Id ? Rows[(int)id - 1] : throw new KeyNotFoundException($"There is no check {(int)id}.");

    /// <summary>The law of acceptance.</summary>
    /// <param name="checks">The results.</param>
    /// <returns>True when every check of the table is there exactly once and holds, and there is no other.</returns>
    public static bool Holds(IReadOnlyList<CheckResult> checks)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return HoldsTo(Rows[^1].Id, checks as CheckResult[] ?? [.. checks]);
    }

    /// <summary>The same law for the rows from the first to one of them.</summary>
    internal static bool HoldsTo(CheckId last, ReadOnlySpan<CheckResult> checks)
    {
        // A bit for each row that was seen. Were there more rows than bits, none would be accepted.
        ulong seen = 0;
        foreach (CheckResult check in checks)
        {
            if (check.Id <= CheckId.None || check.Id > last)
            {
                return false;
            }

            int row = (int)check.Id - 1;
            if ((seen & (1UL << row)) != 0 || !Rows[row].IsHeldBy(check.Status))
            {
                return false;
            }

            seen |= 1UL << row;
        }

        return BitOperations.PopCount(seen) == (int)last;
    }
}
