using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Verification;

namespace SevSnp.Advisories;

/// <summary>
/// One bulletin against one verified report. Up to date is said only when everything that the bulletin asks for is shown; out of date
/// when anything is shown to be missing; else it is unknown, and unknown is never taken for good.
/// </summary>
internal static class AdvisoryRules
{
    private const uint FirstVersionWithPlatformBits = 3;

    public static AdvisoryFinding Evaluate(Advisory advisory, VerifiedReport report)
    {
        if (!advisory.IsActive)
        {
            return new(advisory, AdvisoryStatus.Unknown, "what is known of it is not confirmed");
        }

        CpuSignature? cpu = report.Report.Cpu;
        AdvisoryRequirement[] ofProduct = [.. advisory.Requirements.Where(r => r.Product == report.Product)];
        if (ofProduct.Length == 0)
        {
            return new(advisory, AdvisoryStatus.Unknown, $"nothing confirmed is known of it on {report.Product}");
        }

        AdvisoryRequirement[] fitting = [.. ofProduct.Where(r => r.Cpu is null || r.Cpu == cpu)];
        string[] missing = [.. fitting.SelectMany(r => Missing(r, report))];
        if (missing.Length > 0)
        {
            return new(advisory, AdvisoryStatus.OutOfDate, string.Join("; ", missing));
        }

        return Unshown(ofProduct, fitting, report) is { } unshown
            ? new(advisory, AdvisoryStatus.Unknown, unshown)
            : new(advisory, AdvisoryStatus.UpToDate, "the report shows what the bulletin asks for");
    }

    private static IEnumerable<string> Missing(AdvisoryRequirement requirement, VerifiedReport report)
    {
        if (requirement.Tcb is { } least)
        {
            (string Name, TcbVersion Actual)[] versions =
            [
                ("REPORTED_TCB", report.Tcbs.Reported),
                ("COMMITTED_TCB", report.Tcbs.Committed),
                ("LAUNCH_TCB", report.Tcbs.Launch),
            ];
            foreach ((string name, TcbVersion actual) in versions.Where(v => !v.Actual.IsAtLeast(least)))
            {
                yield return $"{name} ({actual}) is below ({least})";
            }
        }

        PlatformInfoBits clear = requirement.PlatformInfo & ~(PlatformInfoBits)report.Report.PlatformInfo.Raw;
        if (clear != PlatformInfoBits.None && report.Report.Version >= FirstVersionWithPlatformBits)
        {
            yield return $"{BitNames.Of(clear)} not set";
        }

        // Of the launch too: a host that was mended later does not mend what ran before (T40).
        if (report.Report is { LaunchMitigations: { } launch, CurrentMitigations: { } current } && (requirement.Mitigations & ~(launch & current)) is > 0 and var bits)
        {
            yield return $"mitigation bits 0x{bits:x} are not set both at launch and now";
        }
    }

    private static string? Unshown(AdvisoryRequirement[] ofProduct, AdvisoryRequirement[] fitting, VerifiedReport report)
    {
        CpuSignature? cpu = report.Report.Cpu;
        if (ofProduct.Any(r => r.Cpu is not null) && !fitting.Any(r => r.Cpu is not null))
        {
            return cpu is { } named ? $"nothing confirmed is known of it on CPU {named}" : "reports of version 2 do not name their CPU";
        }

        if (fitting.Any(r => r.PlatformInfo != PlatformInfoBits.None) && report.Report.Version < FirstVersionWithPlatformBits)
        {
            return "reports of version 2 do not state the platform information bits that it needs";
        }

        return fitting.Any(r => r.Mitigations != 0) && report.Report.LaunchMitigations is null
            ? $"reports of version {report.Report.Version} do not state mitigations"
            : null;
    }
}
