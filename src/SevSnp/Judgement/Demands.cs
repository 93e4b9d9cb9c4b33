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
internal sealed class Demands(VerifiedReport report, Demand[] demands)
{
    /// <summary>Makes one check: failed when any demand on it is not met, not required when nothing is demanded.</summary>
    public CheckResult Check(CheckId id, string notStated = "nothing demands it")
    {
        List<(string Origin, Finding Finding)>? findings = Findings(id);
        if (findings is null)
        {
            return CheckResult.NotRequired(id, notStated);
        }

        if (findings.TrueForAll(f => f.Finding.Holds))
        {
            return new CheckResult(id, CheckStatus.Passed, Expected(findings), findings[0].Finding.Actual);
        }

        List<(string Origin, Finding Finding)> broken = findings.FindAll(f => !f.Finding.Holds);
        string[] details = [.. broken.Select(f => f.Finding.Detail).OfType<string>().Distinct()];
        return CheckResult.Failed(id, Expected(broken), broken[0].Finding.Actual, details.Length == 0 ? null : string.Join("; ", details));
    }

    /// <summary>True when someone states a TCB floor.</summary>
    public bool StateTcbFloor => Array.Exists(demands, d => d.Stated.TcbFloors.Count > 0);

    // Most checks are demanded by nobody, and most others by one.
    private List<(string Origin, Finding Finding)>? Findings(CheckId id)
    {
        List<(string Origin, Finding Finding)>? findings = null;
        foreach (Demand demand in demands)
        {
            if (ConstraintRules.Find(id, report, demand.Stated) is { } finding)
            {
                (findings ??= []).Add((demand.Origin, finding));
            }
        }

        return findings;
    }

    // The same demand of several is shown once, with all who made it.
    private static string Expected(List<(string Origin, Finding Finding)> findings) => findings is [var only]
        ? $"{only.Finding.Expected} ({only.Origin})"
        : string.Join("; ", findings.GroupBy(f => f.Finding.Expected, f => f.Origin).Select(g => $"{g.Key} ({string.Join(", ", g)})"));
}
