using SevSnp.Checks;
using SevSnp.Policies;
using SevSnp.Verification;

namespace SevSnp.Judgement;

/// <summary>One set of constraints and who stated it.</summary>
internal sealed record Demand(string Origin, Constraints Stated);

/// <summary>
/// All that is demanded of one report: by policy, by request, and by the reference value that it is judged against. Each must hold,
/// which makes the strictest the one that counts.
/// </summary>
internal sealed class Demands(VerifiedReport report, IReadOnlyList<Demand> demands)
{
    /// <summary>Makes one check: failed when any demand on it is not met, not required when nothing is demanded.</summary>
    public CheckResult Check(CheckId id, string notStated = "nothing demands it")
    {
        (string Origin, Finding Finding)[] findings = [.. Findings(id)];
        (string Origin, Finding Finding)[] broken = [.. findings.Where(f => !f.Finding.Holds)];
        if (broken.Length > 0)
        {
            string[] details = [.. broken.Select(f => f.Finding.Detail).OfType<string>().Distinct()];
            return CheckResult.Failed(id, Expected(broken), broken[0].Finding.Actual, details.Length == 0 ? null : string.Join("; ", details));
        }

        return findings.Length == 0
            ? CheckResult.NotRequired(id, notStated)
            : new CheckResult(id, CheckStatus.Passed, Expected(findings), findings[0].Finding.Actual);
    }

    /// <summary>True when someone states a TCB floor.</summary>
    public bool StateTcbFloor => demands.Any(d => d.Stated.TcbFloors.Count > 0);

    private IEnumerable<(string Origin, Finding Finding)> Findings(CheckId id)
    {
        foreach (Demand demand in demands)
        {
            if (ConstraintRules.Find(id, report, demand.Stated) is { } finding)
            {
                yield return (demand.Origin, finding);
            }
        }
    }

    // The same demand of several is shown once, with all who made it.
    private static string Expected((string Origin, Finding Finding)[] findings) =>
        string.Join("; ", findings.GroupBy(f => f.Finding.Expected, f => f.Origin).Select(g => $"{g.Key} ({string.Join(", ", g)})"));
}
