using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.Reports;
using Verifier.TestKit;
using Verifier.TestKit.Igvm;

namespace SevSnp.Tests.Simulation;

/// <summary>The IGVM file of the samples is the one that their reports were measured from.</summary>
public sealed class SampleIgvmTests
{
    [Fact]
    public void File_IsTheOneThatTheMakerBuilds() => Assert.Equal(SampleIgvm.Build(), Samples.Read("sample.igvm"));

    [Theory]
    [InlineData("report.bin", ZeroPages.Normal)]
    [InlineData("report-debug.bin", ZeroPages.Normal)]
    [InlineData("report-other-launch.bin", ZeroPages.Native)]
    public void ReportsMeasurement_IsThatOfTheFile(string report, ZeroPages zeroPages)
    {
        Assert.True(IgvmReader.TryRead(Samples.Read("sample.igvm"), IgvmReadOptions.Default, out IgvmFile? file, out IgvmFault fault), fault.ToString());
        Assert.True(IgvmMeasurer.TryMeasure(file, new IgvmLaunch { ZeroPages = zeroPages }, out IgvmMeasurement? measured, out IgvmMeasureFault unmeasured), unmeasured.ToString());
        Assert.True(AttestationReport.TryParse(Samples.Read(report), out AttestationReport? parsed, out _));
        Assert.Equal(measured.Digest, parsed.Measurement);
    }
}
