using SevSnp.Launch;
using SevSnp.Verification;

namespace SevSnp.Policies;

/// <summary>Constraints on the platform: report version, platform information, firmware, mitigations (C2, C35, C40, C41).</summary>
internal static class PlatformRules
{
    public static Finding? ReportVersion(VerifiedReport report, Constraints stated) => stated.MinReportVersion is { } minimum
        ? new(report.Report.Version >= minimum, $"version {minimum} or later", $"version {report.Report.Version}")
        : null;

    public static Finding? PlatformInfo(VerifiedReport report, Constraints stated)
    {
        if (stated.PlatformInfo is not { } rule)
        {
            return null;
        }

        PlatformInfo actual = report.Report.PlatformInfo;
        string[] why = [.. BitNames.Faults(rule.Required & ~(PlatformInfoBits)actual.Raw, rule.Forbidden & (PlatformInfoBits)actual.Raw)];
        return new(why.Length == 0, $"required {BitNames.Of(rule.Required)}, forbidden {BitNames.Of(rule.Forbidden)}", actual.ToString(), BitNames.Join(why));
    }

    public static Finding? Firmware(VerifiedReport report, Constraints stated)
    {
        if (stated is { MinFirmware: null, MinCurrentFirmware: null })
        {
            return null;
        }

        FirmwareVersion current = report.Report.CurrentFirmware;
        FirmwareVersion committed = report.Report.CommittedFirmware;
        bool areBothMet = stated.MinFirmware is not { } both || (current.IsAtLeast(both) && committed.IsAtLeast(both));
        bool isCurrentMet = stated.MinCurrentFirmware is not { } least || current.IsAtLeast(least);
        string?[] expected = [stated.MinFirmware is { } b ? $"at least {b}" : null, stated.MinCurrentFirmware is { } c ? $"current at least {c}" : null];
        return new(areBothMet && isCurrentMet, string.Join(", ", expected.OfType<string>()), $"current {current}, committed {committed}");
    }

    // A report that does not state its mitigations shows none of them: its missing fields must not read as "zero demanded, zero there".
    public static Finding? Mitigations(VerifiedReport report, Constraints stated)
    {
        if (stated.RequiredMitigations is not { } required)
        {
            return null;
        }

        string expected = $"bits 0x{required:x} at launch and now";
        if (report.Report is not { LaunchMitigations: { } launch, CurrentMitigations: { } current })
        {
            return new(false, expected, "not stated", $"reports of version {report.Report.Version} do not state mitigations");
        }

        ulong missing = required & ~(launch & current);
        return new(missing == 0, expected, $"launch 0x{launch:x}, current 0x{current:x}", missing == 0 ? null : $"missing 0x{missing:x}");
    }
}
