using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Verification;

public class AuthenticatorTests
{
    public static MatrixTheoryData<ProductLine, KeyKind> Kinds => new(ProductLines.All, [KeyKind.Vcek, KeyKind.Vlek]);

    public static MatrixTheoryData<ProductLine, int> ChipBytes => new(ProductLines.All, [0, 7, 8, 63]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SimulatedEvidence_IsAuthenticUnderItsOwnRoot(ProductLine product, KeyKind kind)
    {
        Authentication result = Scenario.Of(VirtualAmd.For(product), kind).Authenticate();

        Assert.DoesNotContain(result.Checks, c => c.Status is CheckStatus.Failed or CheckStatus.NotEvaluated);
        Assert.NotNull(result.Verified);
        Assert.True(result.Verified.Endorsement.IsUnsafeExtraRoot);
        Assert.Equal(product, result.Verified.Product);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SimulatedEvidence_IsNotAuthenticUnderAmdsRoots(ProductLine product, KeyKind kind)
    {
        Scenario scenario = Scenario.Of(VirtualAmd.For(product), kind) with { Roots = TrustRoots.Amd };

        scenario.Authenticate().AssertFirstFailure(CheckId.RootIsPinned);
    }

    [Theory]
    [InlineData(0x19, 0x20)]
    [InlineData(0x19, 0xB0)]
    [InlineData(0x1A, 0x12)]
    [InlineData(0x1A, 0x50)]
    [InlineData(0x18, 0x01)]
    [InlineData(0xFF, 0xFF)]
    public void T16_CpuThatIsNotKnown_IsNeverReadLikeAKnownOne(byte family, byte model)
    {
        Scenario scenario = Scenario.Vcek();

        scenario.WithReport(r => r with { Cpu = new CpuSignature(family, model, 0) }).Authenticate().AssertFirstFailure(CheckId.ProductIsConsistent);
        Assert.NotNull(scenario.Authenticate().Verified);
    }

    [Fact]
    public void T22_Version2_TakesTheLayoutFromTheCertificate()
    {
        Scenario turin = Scenario.Vcek(ProductLine.Turin, version: 2);
        Authentication result = turin.Authenticate();
        Assert.Equal(turin.Leaf.Tcb, result.Verified?.Tcbs.Reported);

        // The same bytes do not fit the layout of a Milan leaf.
        Scenario mixed = Scenario.Vcek(version: 2).WithReport(_ => turin.Report);
        mixed.Authenticate().AssertFirstFailure(CheckId.TcbReservedBytesAreZero);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void T22_EachTcbComponent_MustEqualTheCertificates(ProductLine product, KeyKind kind)
    {
        Scenario scenario = Scenario.Of(VirtualAmd.For(product), kind);
        TcbVersion tcb = scenario.Leaf.Tcb;
        Func<TcbVersion, int, TcbVersion>[] components =
        [
            (t, by) => t with { BootLoader = (byte)(t.BootLoader + by) },
            (t, by) => t with { Tee = (byte)(t.Tee + by) },
            (t, by) => t with { Snp = (byte)(t.Snp + by) },
            (t, by) => t with { Microcode = (byte)(t.Microcode + by) },
            .. product == ProductLine.Turin ? (Func<TcbVersion, int, TcbVersion>[])[(t, by) => t with { Fmc = (byte)(t.Fmc + by) }] : [],
        ];
        foreach (Func<TcbVersion, int, TcbVersion> component in components)
        {
            Assert.All([1, -1, 128], by =>
            {
                Authentication result = scenario.WithReport(r => r with { ReportedTcb = component(tcb, by) }).Authenticate();
                Assert.Equal(CheckStatus.Failed, result.Check(CheckId.ReportedTcbMatchesCertificate).Status);
                Assert.Equal(CheckStatus.Passed, result.Check(CheckId.ReportSignatureIsValid).Status);
            });
        }
    }

    [Theory]
    [MemberData(nameof(ChipBytes))]
    public void T19_EachByteOfTheChipId_MustEqualTheCertificates(ProductLine product, int at)
    {
        Scenario scenario = Scenario.Vcek(product);
        byte[] chip = [.. scenario.Report.ChipId];
        chip[at] ^= 1;

        Authentication result = scenario.WithReport(r => r with { ChipId = chip }).Authenticate();

        Assert.Equal(CheckStatus.Failed, result.Check(CheckId.ChipIdMatchesCertificate).Status);
        Assert.Equal(CheckStatus.Passed, scenario.Authenticate().Check(CheckId.ChipIdMatchesCertificate).Status);
    }

    [Fact]
    public void T20_MaskedChipId_IsLeftToThePolicy()
    {
        Authentication result = Scenario.Vcek().WithReport(r => r with { ChipId = new byte[64] }).Authenticate();
        Assert.NotNull(result.Verified);
        Assert.Equal(CheckStatus.NotRequired, result.Check(CheckId.ChipIdMatchesCertificate).Status);
    }

    [Fact]
    public void T13_UnsignedReport_IsRejectedBeforeAnyCertificate()
    {
        Scenario scenario = Scenario.Vcek().WithReport(r => r with { SigningKey = 7, MaskChipKey = true });
        Authentication result = scenario.Authenticate(scenario.SignReport(), CertificateBundle.Empty);
        result.AssertFirstFailure(CheckId.SigningKeyIsNamed);
        Assert.Equal(CheckStatus.NotEvaluated, result.Check(CheckId.CertificatesMatchProfile).Status);
    }

    [Fact]
    public void LeafThatNobodyHas_IsRejectedWithTheReason()
    {
        Scenario scenario = Scenario.Vcek();
        Assert.True(AttestationReport.TryParse(scenario.SignReport(), out AttestationReport? report, out _));
        Evidence evidence = new(report, CertificateBundle.Empty) { MissingLeafReason = "KDS_NO_SUCH_CERTIFICATE: none for this TCB" };

        Authentication result = Authenticator.Authenticate(evidence, scenario.Roots, scenario.At);

        result.AssertFirstFailure(CheckId.CertificatesMatchProfile);
        Assert.StartsWith("KDS_NO_SUCH_CERTIFICATE", result.Check(CheckId.CertificatesMatchProfile).Detail, StringComparison.Ordinal);

        // The reason is about a missing leaf; it takes nothing from one that is there.
        Assert.NotNull(Authenticator.Authenticate(evidence with { Certificates = scenario.Bundle }, scenario.Roots, scenario.At).Verified);
    }

    [Fact]
    public void WrongSignature_StillComparesReportAndCertificate()
    {
        Scenario scenario = Scenario.Vcek();
        byte[] report = scenario.SignReport();
        report[0x90] ^= 1;

        Authentication result = scenario.Authenticate(report, scenario.Bundle);

        result.AssertFirstFailure(CheckId.ReportSignatureIsValid);
        Assert.NotNull(result.Endorsement);
        Assert.Equal(CheckStatus.Passed, result.Check(CheckId.ReportedTcbMatchesCertificate).Status);
        Assert.Equal(CheckStatus.Passed, result.Check(CheckId.ChipIdMatchesCertificate).Status);
    }

    [Fact]
    public void SameEvidence_GivesTheSameAnswer()
    {
        Scenario scenario = Scenario.Vcek();
        byte[] report = scenario.SignReport();
        CertificateBundle bundle = scenario.Bundle;
        Assert.Equal(scenario.Authenticate(report, bundle).Checks, scenario.Authenticate(report, bundle).Checks);
    }

    [Fact]
    public void T14_CallersBuffer_IsCopiedAtTheDoor()
    {
        Scenario scenario = Scenario.Vcek();
        byte[] bytes = scenario.SignReport();
        Assert.True(AttestationReport.TryParse(bytes, out AttestationReport? report, out _));
        CertificateBundle bundle = scenario.Bundle;
        Array.Fill(bytes, (byte)0xA5);

        Assert.NotNull(Authenticator.Authenticate(new Evidence(report, bundle), scenario.Roots, scenario.At).Verified);
    }
}
