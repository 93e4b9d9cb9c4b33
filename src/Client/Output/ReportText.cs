using System.Globalization;
using SevSnp.Launch;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>A report's fields for people.</summary>
internal static class ReportText
{
    public const int FullWidth = 21;

    /// <summary>The fields that tell what runs where.</summary>
    public static void Short(Page page, ReportView report) => page
        .Field("measurement", report.Measurement)
        .Field("platform", $"{report.Product ?? "product not known"}{(report.Cpu is null ? "" : $", CPU {report.Cpu}")}, firmware {report.CurrentFirmware}")
        .Field("reported TCB", report.ReportedTcb?.ToString())
        .Field("guest", $"VMPL {Vmpl(report.Vmpl)}, policy {Policy(report.Policy)}, report version {report.Version}");

    /// <summary>Every field.</summary>
    public static void Full(Page page, ReportView report)
    {
        page.Field("version", Number(report.Version), width: FullWidth)
            .Field("measurement", report.Measurement, width: FullWidth)
            .Field("report data", report.ReportData, width: FullWidth)
            .Field("host data", report.HostData, width: FullWidth)
            .Field("policy", Policy(report.Policy), width: FullWidth)
            .Field("vmpl", Vmpl(report.Vmpl), width: FullWidth)
            .Field("platform info", Platform(report.PlatformInfo), width: FullWidth)
            .Field("signing key", report.SigningKey, width: FullWidth)
            .Field("chip key masked", report.ChipKeyMasked ? "yes" : "no", width: FullWidth)
            .Field("guest svn", Number(report.GuestSvn), width: FullWidth)
            .Field("family id", report.FamilyId, width: FullWidth)
            .Field("image id", report.ImageId, width: FullWidth)
            .Field("id key digest", report.IdKeyDigest, width: FullWidth)
            .Field("author key digest", report.AuthorKeyDigest, width: FullWidth)
            .Field("author key", report.AuthorKeyEnabled ? "enabled" : "not enabled", width: FullWidth)
            .Field("report id", report.ReportId, width: FullWidth)
            .Field("report id ma", report.ReportIdMa, width: FullWidth)
            .Field("chip id", report.ChipId, width: FullWidth)
            .Field("cpu", report.Cpu?.ToString(), width: FullWidth)
            .Field("product", report.Product ?? "not known without its certificate", width: FullWidth)
            .Field("current tcb", report.CurrentTcb?.ToString(), width: FullWidth)
            .Field("reported tcb", report.ReportedTcb?.ToString(), width: FullWidth)
            .Field("committed tcb", report.CommittedTcb?.ToString(), width: FullWidth)
            .Field("launch tcb", report.LaunchTcb?.ToString(), width: FullWidth)
            .Field("current firmware", report.CurrentFirmware, width: FullWidth)
            .Field("committed firmware", report.CommittedFirmware, width: FullWidth)
            .Field("launch mitigations", report.LaunchMitigations, width: FullWidth)
            .Field("current mitigations", report.CurrentMitigations, width: FullWidth);
    }

    private static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Vmpl(uint vmpl) => vmpl == uint.MaxValue ? "none: the host asked for the report" : Number(vmpl);

    /// <summary>A guest policy with the names of its bits.</summary>
    public static string Policy(string hex)
    {
        GuestPolicy policy = new(Parse(hex));
        GuestPolicyBits[] named = [.. Enum.GetValues<GuestPolicyBits>().Where(b => b != GuestPolicyBits.None && policy.Has(b))];
        return $"{hex} (ABI {policy.AbiMajor}.{policy.AbiMinor}{string.Concat(named.Select(b => $", {b}"))})";
    }

    private static string Platform(string hex)
    {
        PlatformInfo info = new(Parse(hex));
        PlatformInfoBits[] named = [.. Enum.GetValues<PlatformInfoBits>().Where(b => b != PlatformInfoBits.None && info.Has(b))];
        return named.Length == 0 ? hex : $"{hex} ({string.Join(", ", named)})";
    }

    private static ulong Parse(string hex) => ulong.Parse(hex.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
