using SevSnp.Certificates;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

public sealed class BufferRaceTests
{
    [Fact]
    public void T14_CallersArraysChangedAfterParsing_ChangeNothing()
    {
        Scenario scenario = Scenario.Vcek();
        byte[] report = scenario.SignReport();
        byte[][] certificates = [.. scenario.Certificates.Select(c => (byte[])[.. c])];
        Assert.True(AttestationReport.TryParse(report, out AttestationReport? parsed, out _));
        CertificateBundle bundle = SimulationAssert.Bundle(certificates);

        Array.Clear(report);
        Array.ForEach(certificates, c => Array.Clear(c));

        SimulationAssert.IsAuthentic(Authenticator.Authenticate(new Evidence(parsed, bundle), scenario.Roots, scenario.At));
        Assert.Equal(scenario.Report.Measurement, parsed.Measurement.ToArray());
    }

    // Whatever mixture of the two reports the parser caught: if it is authentic, it is one of the two, whole.
    [Fact]
    public async Task T14_CallersArrayChangedDuringTheChecks_NeverMakesAnAcceptedMixture()
    {
        Scenario good = Scenario.Vcek();
        Scenario debug = good.WithReport(r => r with { Policy = 0xB0000, ReportData = new byte[64] });
        byte[] first = good.SignReport();
        byte[] second = debug.SignReport();
        byte[] shared = [.. first];
        CertificateBundle bundle = good.Bundle;
        using CancellationTokenSource stop = new();
        Task writer = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                second.CopyTo(shared, 0);
                first.CopyTo(shared, 0);
            }
        }, TestContext.Current.CancellationToken);

        int authentic = 0;
        for (int i = 0; i < 3000; i++)
        {
            if (AttestationReport.TryParse(shared, out AttestationReport? report, out _)
                && Authenticator.Authenticate(new Evidence(report, bundle), good.Roots, good.At).Verified is { } verified)
            {
                authentic++;
                ReadOnlySpan<byte> signed = verified.Report.SignedBytes;
                Assert.True(signed.SequenceEqual(first.AsSpan(0, ReportBuilder.SignedSize)) || signed.SequenceEqual(second.AsSpan(0, ReportBuilder.SignedSize)));
            }
        }

        await stop.CancelAsync();
        await writer;
        Assert.NotEqual(0, authentic);
    }
}
