using SevSnp.Certificates;
using SevSnp.Checks;

namespace SevSnp.Judgement;

/// <summary>The verdict in one sentence.</summary>
internal static class VerdictSummary
{
    private const int MostNamed = 5;

    public static string Of(AttestationVerdict verdict)
    {
        if (verdict is { Accepted: true, Endorsement: { } endorsement })
        {
            string what = verdict.Reference is { Value: var value } ? $"{value.Image} {value.Version} ({value.Name})" : "a guest with an unregistered launch measurement";
            return $"Accepted: {what} at VMPL {verdict.Report.Vmpl} on {verdict.Product}, endorsed by a {endorsement.Kind.ToString().ToUpperInvariant()} {Root(endorsement)}.";
        }

        CheckResult[] broken = [.. verdict.Checks.Where(check => check.Status == CheckStatus.Failed)];
        string kind = verdict.IsReportAuthentic ? "Refused" : "Not authentic";
        string names = string.Join(", ", broken.Take(MostNamed).Select(check => check.Id.WireName()));
        string more = broken.Length > MostNamed ? $" and {broken.Length - MostNamed} more" : "";
        return broken.Length switch
        {
            0 => $"{kind}: the checks are not complete.",
            1 => $"{kind}: {names} failed{Because(broken[0])}.",
            _ => $"{kind}: {broken.Length} checks failed: {names}{more}.",
        };
    }

    private static string Root(EndorsementKey endorsement) => endorsement.IsUnsafeExtraRoot ? "of a simulated root" : "of AMD";

    private static string Because(CheckResult check) => (check.Detail, check.Expected, check.Actual) switch
    {
        ({ } detail, _, _) => $": {detail}",
        (_, { } expected, { } actual) => $": expected {expected}, found: {actual}",
        _ => "",
    };
}
