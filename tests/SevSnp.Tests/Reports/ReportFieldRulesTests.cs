using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Reports;
using Verifier.TestKit;

namespace SevSnp.Tests.Reports;

public sealed class ReportFieldRulesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(0x100)]
    [InlineData(0x0100_0000)]
    [InlineData(0xFFFF_FFFF)]
    public void T06_OtherSignatureAlgorithm_IsRefused(uint algorithm) =>
        ReportAssert.IsRefused((ReportAssert.Good() with { SignatureAlgo = algorithm }).Sign(), CheckId.SignatureAlgorithmIsKnown, 0x034, "SIGNATURE_ALGO");

    [Theory]
    [InlineData(0, KeyKind.Vcek)]
    [InlineData(1, KeyKind.Vlek)]
    [InlineData(7, KeyKind.None)]
    public void T13_KnownSigningKey_IsNamed(uint signingKey, KeyKind kind) =>
        Assert.Equal(kind, ReportAssert.Parses((ReportAssert.Good() with { SigningKey = signingKey }).Sign()).SigningKey);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void T13_ReservedSigningKey_IsRefused(uint signingKey) =>
        ReportAssert.IsRefused((ReportAssert.Good() with { SigningKey = signingKey }).Sign(), CheckId.SigningKeyIsNamed, 0x048, "KEY_INFO");

    [Fact]
    public void ReservedBitOfKeyInfo_IsRefused()
    {
        for (int bit = 5; bit < 32; bit++)
        {
            byte[] info = BitConverter.GetBytes(1U << bit);
            ReportAssert.IsRefused(ReportAssert.Good().Patch(0x048, info).Sign(), CheckId.SigningKeyIsNamed, 0x048, "KEY_INFO");
        }
    }

    // Firmware that masks the chip's key signs with a VLEK or not at all.
    [Theory]
    [InlineData(0, false, true)]
    [InlineData(0, true, false)]
    [InlineData(1, false, true)]
    [InlineData(1, true, true)]
    [InlineData(7, false, true)]
    [InlineData(7, true, true)]
    public void MaskedChipKey_ContradictsAVcekOnly(uint signingKey, bool masked, bool parses)
    {
        byte[] report = (ReportAssert.Good() with { SigningKey = signingKey, MaskChipKey = masked }).Sign();
        if (parses)
        {
            Assert.Equal(masked, ReportAssert.Parses(report).ChipKeyMasked);
        }
        else
        {
            ReportAssert.IsRefused(report, CheckId.SigningKeyIsNamed, 0x048, "KEY_INFO");
        }
    }

    [Fact]
    public void ClearedBitSeventeenOfThePolicy_IsRefused() =>
        ReportAssert.IsRefused((ReportAssert.Good() with { Policy = 0x10000 }).Sign(), CheckId.GuestPolicyIsWellFormed, 0x008, "POLICY");

    [Fact]
    public void EveryPolicyBit_ParsesBelowTwentySixOnly()
    {
        for (int bit = 0; bit < 64; bit++)
        {
            ulong policy = 0x20000 | (1UL << bit);
            byte[] report = (ReportAssert.Good() with { Policy = policy }).Sign();
            if (bit < 26)
            {
                Assert.Equal(policy, ReportAssert.Parses(report).Policy.Raw);
            }
            else
            {
                ReportAssert.IsRefused(report, CheckId.GuestPolicyIsWellFormed, 0x008, "POLICY");
            }
        }
    }

    [Theory]
    [InlineData(GuestPolicyBits.Smt, 16)]
    [InlineData(GuestPolicyBits.MigrateMa, 18)]
    [InlineData(GuestPolicyBits.Debug, 19)]
    [InlineData(GuestPolicyBits.SingleSocket, 20)]
    [InlineData(GuestPolicyBits.CxlAllow, 21)]
    [InlineData(GuestPolicyBits.MemAes256Xts, 22)]
    [InlineData(GuestPolicyBits.RaplDis, 23)]
    [InlineData(GuestPolicyBits.CiphertextHidingDram, 24)]
    [InlineData(GuestPolicyBits.PageSwapDisable, 25)]
    public void NamedPolicyBit_StandsAlone(GuestPolicyBits named, int bit)
    {
        AttestationReport report = ReportAssert.Parses((ReportAssert.Good() with { Policy = 0x20000 | (1UL << bit) }).Sign());
        Assert.All(
            Enum.GetValues<GuestPolicyBits>().Where(b => b != GuestPolicyBits.None),
            other => Assert.Equal(other == named, report.Policy.Has(other)));
    }

    [Theory]
    [InlineData(PlatformInfoBits.SmtEnabled, 0)]
    [InlineData(PlatformInfoBits.TsmeEnabled, 1)]
    [InlineData(PlatformInfoBits.EccEnabled, 2)]
    [InlineData(PlatformInfoBits.RaplDisabled, 3)]
    [InlineData(PlatformInfoBits.CiphertextHidingDramEnabled, 4)]
    [InlineData(PlatformInfoBits.AliasCheckComplete, 5)]
    [InlineData(PlatformInfoBits.IommuWriteSafe, 6)]
    [InlineData(PlatformInfoBits.TioEnabled, 7)]
    public void NamedPlatformBit_StandsAlone(PlatformInfoBits named, int bit)
    {
        AttestationReport report = ReportAssert.Parses((ReportAssert.Good() with { PlatformInfo = 1UL << bit }).Sign());
        Assert.All(
            Enum.GetValues<PlatformInfoBits>().Where(b => b != PlatformInfoBits.None),
            other => Assert.Equal(other == named, report.PlatformInfo.Has(other)));
    }

    [Fact]
    public void UnknownPlatformBits_ParseAndAreShown()
    {
        AttestationReport report = ReportAssert.Parses((ReportAssert.Good() with { PlatformInfo = 0xFFFF_FFFF_FFFF_FF25 }).Sign());
        Assert.Equal(0xFFFF_FFFF_FFFF_FF00, report.PlatformInfo.Raw & PlatformInfo.UnknownBits);
    }

    [Fact]
    public void AbiMinimum_IsReadAsMajorAndMinor()
    {
        AttestationReport report = ReportAssert.Parses((ReportAssert.Good() with { Policy = 0x3_0137 }).Sign());
        Assert.Equal((1, 0x37), (report.Policy.AbiMajor, report.Policy.AbiMinor));
    }

    [Fact]
    public void FirmwareVersions_AreReadAsBuildMinorMajor()
    {
        ReportBuilder builder = ReportAssert.Good() with { CurrentFirmware = new(1, 58, 29), CommittedFirmware = new(2, 3, 4) };
        AttestationReport report = ReportAssert.Parses(builder.Sign());
        Assert.Equal(new FirmwareVersion(1, 58, 29), report.CurrentFirmware);
        Assert.Equal(new FirmwareVersion(2, 3, 4), report.CommittedFirmware);
        Assert.Equal([29, 58, 1], report.Bytes.Slice(0x1E8, 3).ToArray());
    }
}
