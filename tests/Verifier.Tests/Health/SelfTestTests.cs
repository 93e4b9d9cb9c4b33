using SevSnp.Certificates;
using SevSnp.Crypto;
using SevSnp.Primitives;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.Service.Health;

namespace Verifier.Tests.Health;

public sealed class SelfTestTests
{
    // The first uses of a key take twice as much, the platform's check a hundredth.
    private const int MostBytesWithATable = 350_000;
    private const int LeastBytesWithATable = 150_000;

    private static readonly SelfTestEvidence Good = SelfTestEvidence.Load();

    [Theory]
    [InlineData(SignatureEngine.BouncyCastle)]
    [InlineData(SignatureEngine.OpenSsl)]
    public void BuiltInEvidence_IsJudgedAsExpected(SignatureEngine engine) => Assert.Equal((6, null), SelfTest.Run(Good, engine));

    [Theory]
    [InlineData(SignatureEngine.BouncyCastle)]
    [InlineData(SignatureEngine.OpenSsl)]
    public void ChangedGoodReport_IsNoticed(SignatureEngine engine)
    {
        byte[] report = [.. Good.Report];
        report[0x90] ^= 1;

        Assert.StartsWith("case 'good'", SelfTest.Run(Good with { Report = report }, engine).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void KeysOfManyUses_AreTestedToo()
    {
        // The keys of other services in this process may have taken all places for tables, and are gone.
        GC.Collect();
        SelfTestEvidence evidence = SelfTestEvidence.Load();
        Assert.True(AttestationReport.TryParse(evidence.Report, out AttestationReport? report, out _));
        Evidence given = new(report, evidence.Certificates);
        TrustRoots roots = TrustRoots.Amd.WithUnsafeExtra([evidence.Root]);
        Assert.InRange(Allocated(), MostBytesWithATable, int.MaxValue);

        SelfTest.Run(evidence, SignatureEngine.BouncyCastle);

        Assert.InRange(Allocated(), LeastBytesWithATable, MostBytesWithATable);

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.NotNull(Authenticator.Authenticate(given, roots, evidence.At).Verified);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void BadReportThatIsGood_IsNoticed() =>
        Assert.StartsWith("case 'debug policy'", Fault(Good with { DebugReport = Good.Report }), StringComparison.Ordinal);

    [Fact]
    public void OtherMeasurement_IsNoticed() =>
        Assert.StartsWith("case 'good'", Fault(Good with { Measurement = new Digest384(new byte[48]) }), StringComparison.Ordinal);

    [Fact]
    public void MissingCertificates_AreNoticed() =>
        Assert.StartsWith("case 'good'", Fault(Good with { Certificates = CertificateBundle.Empty }), StringComparison.Ordinal);

    [Fact]
    public void Root_IsNoRootOfAmd() => Assert.False(TrustRoots.Amd.HasUnsafeExtraRoots);

    private static string? Fault(SelfTestEvidence evidence) => SelfTest.Run(evidence, SignatureEngine.BouncyCastle).Fault;
}
