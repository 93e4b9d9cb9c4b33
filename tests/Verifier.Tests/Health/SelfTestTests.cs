using SevSnp.Certificates;
using SevSnp.Primitives;
using Verifier.Service.Health;

namespace Verifier.Tests.Health;

public sealed class SelfTestTests
{
    private static readonly SelfTestEvidence Good = SelfTestEvidence.Load();

    [Fact]
    public void BuiltInEvidence_IsJudgedAsExpected() => Assert.Equal((6, null), SelfTest.Run(Good));

    [Fact]
    public void ChangedGoodReport_IsNoticed()
    {
        byte[] report = [.. Good.Report];
        report[0x90] ^= 1;

        Assert.StartsWith("case 'good'", SelfTest.Run(Good with { Report = report }).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void BadReportThatIsGood_IsNoticed() =>
        Assert.StartsWith("case 'debug policy'", SelfTest.Run(Good with { DebugReport = Good.Report }).Fault, StringComparison.Ordinal);

    [Fact]
    public void OtherMeasurement_IsNoticed() =>
        Assert.StartsWith("case 'good'", SelfTest.Run(Good with { Measurement = new Digest384(new byte[48]) }).Fault, StringComparison.Ordinal);

    [Fact]
    public void MissingCertificates_AreNoticed() =>
        Assert.StartsWith("case 'good'", SelfTest.Run(Good with { Certificates = CertificateBundle.Empty }).Fault, StringComparison.Ordinal);

    [Fact]
    public void Root_IsNoRootOfAmd() => Assert.False(TrustRoots.Amd.HasUnsafeExtraRoots);
}
