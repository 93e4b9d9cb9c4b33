using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Policies;
using SevSnp.References;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

public sealed class SampleVerdictTests
{
    private static readonly TrustRoots WithSampleRoot = TrustRoots.Amd.WithUnsafeExtra(CertificateBundle.FromPem(Text("root.pem")).Certificates);

    [Theory]
    [InlineData("2020-01-01T00:00:00Z")]
    [InlineData("2026-11-25T00:00:00Z")]
    [InlineData("2049-12-31T23:59:59Z")]
    [InlineData("2069-12-31T23:59:59Z")]
    public void GoodReportWithTheExtraRoot_IsAccepted(string at)
    {
        AttestationVerdict verdict = Judge(Samples.Read("report.bin"), WithSampleRoot, at);
        SimulationAssert.IsAccepted(verdict);
        Assert.True(verdict.Endorsement!.IsUnsafeExtraRoot);
        Assert.Equal(RevocationStatus.NotRevoked, verdict.Endorsement.Revocation);
    }

    [Fact]
    public void GoodReportWithAmdsRootsOnly_IsRefusedByItsRoot() =>
        SimulationAssert.IsRejected(Judge(Samples.Read("report.bin"), TrustRoots.Amd), RejectionKind.NotAuthentic, CheckId.RootIsPinned);

    [Fact]
    public void DebugReport_IsAuthenticAndRefused() =>
        SimulationAssert.IsRejected(Judge(Samples.Read("report-debug.bin"), WithSampleRoot), RejectionKind.Refused, CheckId.DebugIsOff);

    [Fact]
    public void FlippedBit_IsNotAuthentic()
    {
        byte[] report = Samples.Read("report.bin");
        report[0x90] ^= 1;
        SimulationAssert.IsRejected(Judge(report, WithSampleRoot), RejectionKind.NotAuthentic, CheckId.ReportSignatureIsValid);
    }

    [Theory]
    [InlineData("2019-12-31T23:00:00Z")]
    [InlineData("2070-01-01T01:00:00Z")]
    public void OutsideItsValidity_IsNotAuthentic(string at) =>
        SimulationAssert.IsRejected(Judge(Samples.Read("report.bin"), WithSampleRoot, at), RejectionKind.NotAuthentic, CheckId.CertificatesAreInValidity);

    private static AttestationVerdict Judge(byte[] bytes, TrustRoots roots, string at = "2026-11-25T00:00:00Z")
    {
        Assert.True(AttestationReport.TryParse(bytes, out AttestationReport? report, out EvidenceFault fault), fault.ToString());
        Assert.True(AttestationReport.TryParse(Samples.Read("report.bin"), out AttestationReport? good, out _));
        Assert.True(ReportDataBinding.TryNonce(good.ReportData.Span, out ReportDataBinding? nonce, out string rule), rule);
        ReferenceValue value = new()
        {
            Name = "tenants/default/referenceValues/sample",
            Image = "coconut-svsm",
            Version = "2026.11",
            State = ReferenceState.Active,
            Measurements = [new ReferenceMeasurement(report.Measurement)],
        };
        CertificateBundle certificates = CertificateBundle.FromDer([Samples.Read("vcek.der")])
            .With(CertificateBundle.FromPem(Text("chain.pem")))
            .WithRevocationLists([Samples.Read("crl.der")]);
        DateTimeOffset time = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);
        return SevSnp.Judgement.Judge.Decide(
            Authenticator.Authenticate(new Evidence(report, certificates), roots, time),
            AppraisalPolicy.Default,
            new Expectations { Binding = nonce },
            new MeasurementRecords(report.Measurement, null, [value]),
            time);
    }

    private static string Text(string name) => System.Text.Encoding.ASCII.GetString(Samples.Read(name));
}
