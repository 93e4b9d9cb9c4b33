using SevSnp.Certificates;
using SevSnp.Judgement;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.Client.Input;
using Verifier.Client.Views;

namespace Verifier.Client.Offline;

/// <summary>
/// Tries a draft on reports at hand. Only the policies are to decide: whatever REPORT_DATA is counts as bound, and without measurements
/// to compare with, the report's own counts as registered.
/// </summary>
internal sealed class PolicyTrials(AppraisalPolicy current, AppraisalPolicy draft, CertificateBundle certificates, TrustRoots roots, IReadOnlyList<Digest384> measurements, DateTimeOffset at)
{
    public TrialView Run(FileInfo file)
    {
        AttestationReport report = ReportFile.Parse(ReportFile.Read(file));
        Authentication authentication = Authenticator.Authenticate(new Evidence(report, certificates), roots, at);
        Expectations expectations = new()
        {
            Binding = ReportDataBinding.TryExact(report.ReportData.Span, out ReportDataBinding? own, out string rule) ? own : throw new InvalidOperationException(rule),
        };
        MeasurementRecords records = OfflineVerifier.Records(report.Measurement, measurements.Count == 0 ? [report.Measurement] : measurements);
        AttestationVerdict before = Judge.Decide(authentication, current, expectations, records, at);
        AttestationVerdict after = Judge.Decide(authentication, draft, expectations, records, at);
        return Of(file.ToString(), LibraryViews.Of(before), LibraryViews.Of(after));
    }

    public static TrialView Of(string report, VerdictView before, VerdictView after) => new(
        report,
        before,
        after,
        [.. after.Checks.Where(c => before.Checks.FirstOrDefault(b => b.Id == c.Id)?.Status != c.Status).Select(c => c.Id)]);
}
