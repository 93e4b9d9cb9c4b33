using System.Globalization;
using System.Text;
using SevSnp.Advisories;
using SevSnp.Launch;

namespace SevSnp.Tests.Advisories;

/// <summary>Writes docs/advisories.md from the data file, so that the two cannot drift apart.</summary>
internal static class AdvisoriesDocument
{
    public static string Write(AdvisoryList list)
    {
        StringBuilder text = new();
        text.Append("""
            # Security bulletins

            Generated from `src/SevSnp/Advisories/advisories.json` (schema beside it); `AdvisoriesDocumentTests` fails when this file differs
            from it. To write it again: `VERIFIER_UPDATE_DOCS=1 dotnet test --project tests/SevSnp.Tests`.

            Every verdict on an authentic report lists each bulletin of AMD as `UP_TO_DATE`, `OUT_OF_DATE` or `UNKNOWN`. That list decides
            nothing unless the policy names a bulletin in `required_advisories` ([policies](policies.md)): then `OUT_OF_DATE` and `UNKNOWN`
            both fail [`REQUIRED_ADVISORIES_ARE_MET`](checks.md#required_advisories_are_met).

            - **Up to date**: the report shows everything that the bulletin asks for on its product line and CPU.
            - **Out of date**: the report shows that something is missing. A TCB must be met by REPORTED_TCB, COMMITTED_TCB and LAUNCH_TCB, and
              a mitigation bit be set at launch and now: a host that was mended later does not mend what a guest was launched under.
            - **Unknown**: the report cannot show it (version 2 names no CPU and no alias check; mitigations come with version 5), nothing is
              confirmed for its product line or CPU, or the entry is inactive.

            A report carries none of the firmware package numbers that bulletins name, only security version numbers. An entry is active
            only where the numbers or bits that a report does carry are confirmed by a source; the others are listed so that nobody takes
            silence for safety. AMD's own pages are the authority: compare with them before you rely on a figure, and state floors of your
            own (`tcb_floors`, `required_mitigations`) where you know more.


            """.ReplaceLineEndings("\n"));
        text.Append(CultureInfo.InvariantCulture, $"The list is of {list.Date:yyyy-MM-dd}.\n\n| Bulletin | Name | CVE | Judged |\n|---|---|---|---|\n");
        foreach (Advisory advisory in list.All)
        {
            text.Append($"| [{advisory.Id}](#{advisory.Id.ToLowerInvariant()}) | {advisory.Name} | {string.Join(", ", advisory.Cves)} | {(advisory.IsActive ? "yes" : "no")} |\n");
        }

        foreach (Advisory advisory in list.All)
        {
            Entry(text, advisory);
        }

        return text.ToString();
    }

    private static void Entry(StringBuilder text, Advisory advisory)
    {
        text.Append($"\n## {advisory.Id}\n\n{advisory.Title}.{(advisory.IsActive ? "" : " **Inactive: always unknown.**")}\n\n");
        foreach (AdvisoryRequirement requirement in advisory.Requirements)
        {
            text.Append($"- {requirement.Product}{(requirement.Cpu is { } cpu ? $" {cpu}" : "")}: {string.Join(", ", Demands(requirement))}\n");
        }

        text.Append($"- Sources: {string.Join("; ", advisory.Sources)}\n");
        text.Append(CultureInfo.InvariantCulture, $"- Compared on {advisory.Date:yyyy-MM-dd}. {advisory.Note}\n");
    }

    private static IEnumerable<string> Demands(AdvisoryRequirement requirement)
    {
        (string Name, byte? Least)[] components =
        [
            ("fmc", requirement.Tcb?.Fmc), ("boot_loader", requirement.Tcb?.BootLoader), ("tee", requirement.Tcb?.Tee), ("snp", requirement.Tcb?.Snp), ("microcode", requirement.Tcb?.Microcode),
        ];
        foreach ((string name, byte? least) in components.Where(c => c.Least > 0))
        {
            yield return $"`{name}` at least {least} (0x{least:x2})";
        }

        if (requirement.PlatformInfo != PlatformInfoBits.None)
        {
            yield return $"platform information {requirement.PlatformInfo}";
        }

        if (requirement.Mitigations != 0)
        {
            yield return $"mitigation bits 0x{requirement.Mitigations:x}";
        }
    }
}
