using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Views;

/// <summary>The report fields of a service's answer.</summary>
internal static class ServiceReports
{
    public static ReportView Of(V1.SnpReport report) => new()
    {
        Version = report.Version,
        GuestSvn = report.GuestSvn,
        Policy = $"0x{report.Policy:x}",
        FamilyId = ServiceViews.Hex(report.FamilyId),
        ImageId = ServiceViews.Hex(report.ImageId),
        Vmpl = report.Vmpl,
        PlatformInfo = $"0x{report.PlatformInfo:x}",
        SigningKey = report.SigningKey,
        AuthorKeyEnabled = report.AuthorKeyEnabled,
        ChipKeyMasked = report.ChipKeyMasked,
        ReportData = ServiceViews.Hex(report.ReportData),
        Measurement = ServiceViews.Hex(report.Measurement),
        HostData = ServiceViews.Hex(report.HostData),
        IdKeyDigest = ServiceViews.Hex(report.IdKeyDigest),
        AuthorKeyDigest = ServiceViews.Hex(report.AuthorKeyDigest),
        ReportId = ServiceViews.Hex(report.ReportId),
        ReportIdMa = ServiceViews.Hex(report.ReportIdMa),
        ChipId = ServiceViews.Hex(report.ChipId),
        Cpu = report.Cpu is { } cpu ? new CpuView(cpu.Family, cpu.Model, cpu.Stepping) : null,
        Product = ServiceViews.Name(report.Product),
        CurrentTcb = Of(report.CurrentTcb),
        ReportedTcb = Of(report.ReportedTcb),
        CommittedTcb = Of(report.CommittedTcb),
        LaunchTcb = Of(report.LaunchTcb),
        CurrentFirmware = Of(report.CurrentFirmware),
        CommittedFirmware = Of(report.CommittedFirmware),
        LaunchMitigations = report.HasLaunchMitigations ? $"0x{report.LaunchMitigations:x}" : null,
        CurrentMitigations = report.HasCurrentMitigations ? $"0x{report.CurrentMitigations:x}" : null,
    };

    private static TcbView? Of(V1.TcbVersion? tcb) =>
        tcb is null ? null : new TcbView(tcb.HasFmc ? tcb.Fmc : null, tcb.BootLoader, tcb.Tee, tcb.Snp, tcb.Microcode);

    private static string Of(V1.FirmwareVersion? version) => version is null ? "" : $"{version.Major}.{version.Minor}.{version.Build}";
}
