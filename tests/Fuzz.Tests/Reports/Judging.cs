using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.TestKit;

namespace Verifier.Fuzz.Tests.Reports;

/// <summary>The whole way of evidence through the library, as the service goes it: default policy, one registered measurement, one expected REPORT_DATA.</summary>
internal static class Judging
{
    private static readonly Digest384 Registered = new(ReportBuilder.DefaultMeasurement);

    private static readonly ReferenceValue Value = new()
    {
        Name = "tenants/default/referenceValues/simulated",
        Image = "coconut-svsm",
        Version = "2026.11",
        Kind = LaunchKind.SvsmIgvm,
        State = ReferenceState.Active,
        Origin = ReferenceOrigin.Asserted,
        Measurements = [new ReferenceMeasurement(Registered)],
    };

    private static readonly Expectations Expected = new()
    {
        Binding = ReportDataBinding.TryExact(ReportBuilder.DefaultReportData, out ReportDataBinding? binding, out string rule) ? binding : throw new InvalidOperationException(rule),
    };

    // The default, with the one provider of the simulation, and taking reports of every version.
    private static readonly AppraisalPolicy Policy = AppraisalPolicy.Default with
    {
        Constraints = AppraisalPolicy.Default.Constraints with { CspIds = new HashSet<string> { VirtualAmd.DefaultCsp }, MinReportVersion = 2 },
    };

    /// <summary>Judges; null when the report does not parse.</summary>
    public static AttestationVerdict? Decide(ReadOnlySpan<byte> report, CertificateBundle bundle, TrustRoots roots, out EvidenceFault fault)
    {
        if (!AttestationReport.TryParse(report, out AttestationReport? parsed, out fault))
        {
            return null;
        }

        Authentication authentication = Authenticator.Authenticate(new Evidence(parsed, bundle), roots, VirtualAmd.Now);
        MeasurementRecords records = new(parsed.Measurement, null, parsed.Measurement == Registered ? [Value] : []);
        return Judge.Decide(authentication, Policy, Expected, records, VirtualAmd.Now);
    }

    /// <summary>The first check that failed, by its name, and what it says of it.</summary>
    public static string FirstFailed(AttestationVerdict verdict)
    {
        CheckResult failed = verdict.Checks.First(c => c.Status == CheckStatus.Failed);
        return $"{failed.Id.WireName()} {failed.Expected}";
    }
}
