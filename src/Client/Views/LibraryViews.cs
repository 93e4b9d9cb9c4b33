using SevSnp.Advisories;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Reports;

namespace Verifier.Client.Views;

/// <summary>Views of the library's values, for offline work.</summary>
internal static class LibraryViews
{
    public static VerdictView Of(AttestationVerdict verdict)
    {
        ReportView report = Of(verdict.Report, verdict.Product, verdict.Tcbs);
        return new VerdictView
        {
            Outcome = verdict.Accepted ? VerdictView.Accepted : VerdictView.Rejected,
            Rejection = verdict.Accepted ? null : verdict.Rejection == RejectionKind.Refused ? VerdictView.Refused : VerdictView.NotAuthentic,
            Summary = verdict.Summary,
            Checks = [.. verdict.Checks.Select(Of)],
            Warnings = [.. verdict.Warnings.Select(w => new WarningView(w.Id, w.Text))],
            Report = verdict.IsReportAuthentic ? report : null,
            UnverifiedReport = verdict.IsReportAuthentic ? null : report,
            Endorsement = verdict.Endorsement is { } key ? Of(key) : null,
            Reference = verdict.Reference is { } match ? Of(match) : null,
            Bound = verdict.Bound is { } bound ? new BoundView(bound.Scheme, bound.Expected.ToString(), [.. bound.Parts.Select(p => p.ToString())]) : null,
            EvidenceId = verdict.EvidenceId.ToString(),
            JudgeTime = verdict.JudgedAt,
            Policy = verdict.PolicyName,
            PolicyVersion = verdict.Policy.Version == 0 ? null : verdict.Policy.Version,
            PolicySha256 = verdict.Policy.Sha256.ToString(),
            Advisories = verdict.Advisories.Count == 0 ? null : [.. verdict.Advisories.Select(Of)],
            NotCovered = verdict.NotCovered,
        };
    }

    public static CheckView Of(CheckResult check) => new(check.Id.WireName(), StatusName(check.Status), check.Expected, check.Actual, check.Detail);

    public static ReportView Of(AttestationReport report, ProductLine product, TcbVersions? tcbs) => new()
    {
        Version = report.Version,
        GuestSvn = report.GuestSvn,
        Policy = report.Policy.ToString(),
        FamilyId = report.FamilyId.ToString(),
        ImageId = report.ImageId.ToString(),
        Vmpl = report.Vmpl,
        PlatformInfo = report.PlatformInfo.ToString(),
        SigningKey = report.SigningKey.ToString().ToUpperInvariant(),
        AuthorKeyEnabled = report.AuthorKeyEnabled,
        ChipKeyMasked = report.ChipKeyMasked,
        ReportData = report.ReportData.ToString(),
        Measurement = report.Measurement.ToString(),
        HostData = report.HostData.ToString(),
        IdKeyDigest = report.IdKeyDigest.ToString(),
        AuthorKeyDigest = report.AuthorKeyDigest.ToString(),
        ReportId = report.ReportId.ToString(),
        ReportIdMa = report.ReportIdMa.ToString(),
        ChipId = report.ChipId.ToString(),
        Cpu = report.Cpu is { } cpu ? new CpuView(cpu.Family, cpu.Model, cpu.Stepping) : null,
        Product = Name(product),
        CurrentTcb = Of(tcbs?.Current),
        ReportedTcb = Of(tcbs?.Reported),
        CommittedTcb = Of(tcbs?.Committed),
        LaunchTcb = Of(tcbs?.Launch),
        CurrentFirmware = report.CurrentFirmware.ToString(),
        CommittedFirmware = report.CommittedFirmware.ToString(),
        LaunchMitigations = report.LaunchMitigations is { } launch ? $"0x{launch:x}" : null,
        CurrentMitigations = report.CurrentMitigations is { } current ? $"0x{current:x}" : null,
    };

    public static TcbView? Of(TcbVersion? tcb) => tcb is { } t
        ? new TcbView(t.Layout == TcbLayout.Turin ? t.Fmc : null, t.BootLoader, t.Tee, t.Snp, t.Microcode)
        : null;

    public static string? Name(ProductLine product) => product == ProductLine.Unknown ? null : product.ToString();

    private static AdvisoryView Of(AdvisoryFinding finding) => new(
        finding.Advisory.Id,
        finding.Advisory.Name.Length == 0 ? null : finding.Advisory.Name,
        finding.Status switch
        {
            AdvisoryStatus.UpToDate => AdvisoryView.UpToDate,
            AdvisoryStatus.OutOfDate => AdvisoryView.OutOfDate,
            _ => AdvisoryView.Unknown,
        },
        finding.Detail);

    private static EndorsementView Of(EndorsementKey key) => new(
        key.Kind.ToString().ToUpperInvariant(),
        Name(key.Product),
        key.Certificate.Sha256.ToString(),
        key.Certificate.PublicKeySha256.ToString(),
        key.Content.CspId,
        key.Root.Sha256.ToString(),
        key.IsUnsafeExtraRoot);

    private static MatchedReferenceView Of(MatchedReference match) => new(
        match.Value.Name,
        match.Value.Image,
        match.Value.Version,
        match.Value.Kind.WireName(),
        match.Measurement is { Profile.Length: > 0 } measurement ? measurement.Profile : null,
        match.Value.State == SevSnp.References.ReferenceState.Deprecated,
        match.Measurement is null);

    private static string StatusName(CheckStatus status) => status switch
    {
        CheckStatus.Passed => CheckView.Passed,
        CheckStatus.NotRequired => CheckView.NotRequired,
        CheckStatus.NotEvaluated => CheckView.NotEvaluated,
        _ => CheckView.Failed,
    };
}
