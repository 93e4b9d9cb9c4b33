using System.Security.Cryptography;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Reports;
using Verifier.TestKit;

namespace SevSnp.Tests.Reports;

public sealed class RealReportTests
{
    public static TheoryData<string> Names => [.. Vectors.SnpReportNames];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryField_IsReadAsExpected(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(name);
        SnpReportFields expected = vector.Report!;
        byte[] bytes = vector.ReadReport();

        Assert.True(AttestationReport.TryParse(bytes, out AttestationReport? report, out EvidenceFault fault), fault.ToString());
        Assert.Equal(expected.Sha256, Convert.ToHexStringLower(SHA256.HashData(report.Bytes)));
        Assert.Equal(expected.Version, report.Version);
        Assert.Equal(expected.GuestSvn, report.GuestSvn);
        Assert.Equal(SnpReportFields.Number(expected.Policy), report.Policy.Raw);
        Assert.Equal(expected.FamilyId, report.FamilyId.ToString());
        Assert.Equal(expected.ImageId, report.ImageId.ToString());
        Assert.Equal(expected.Vmpl, report.Vmpl);
        Assert.Equal(SnpReportFields.Number(expected.PlatformInfo), report.PlatformInfo.Raw);
        Assert.Equal(expected.SigningKey, report.SigningKey.ToString().ToUpperInvariant());
        Assert.Equal(expected.AuthorKeyEn == 1, report.AuthorKeyEnabled);
        Assert.Equal(expected.MaskChipKey == 1, report.ChipKeyMasked);
        Assert.Equal(expected.ReportData, report.ReportData.ToString());
        Assert.Equal(expected.Measurement, report.Measurement.ToString());
        Assert.Equal(expected.HostData, report.HostData.ToString());
        Assert.Equal(expected.IdKeyDigest, report.IdKeyDigest.ToString());
        Assert.Equal(expected.AuthorKeyDigest, report.AuthorKeyDigest.ToString());
        Assert.Equal(expected.ReportId, report.ReportId.ToString());
        Assert.Equal(expected.ReportIdMa, report.ReportIdMa.ToString());
        Assert.Equal(expected.ChipId, report.ChipId.ToString());
        Assert.Equal(expected.CurrentVersion, report.CurrentFirmware.ToString());
        Assert.Equal(expected.CommittedVersion, report.CommittedFirmware.ToString());
        Assert.Equal(Optional(expected.LaunchMitVector), report.LaunchMitigations);
        Assert.Equal(Optional(expected.CurrentMitVector), report.CurrentMitigations);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ProductAndTcbs_AreReadAsExpected(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(name);
        Assert.True(AttestationReport.TryParse(vector.ReadReport(), out AttestationReport? report, out _));

        ProductLine product = Enum.Parse<ProductLine>(vector.ProductLine);
        Assert.Equal(report.Version == 2 ? ProductLine.Unknown : product, report.CpuProduct);
        Assert.Equal(vector.Report!.Cpuid is null, report.Cpu is null);
        Assert.True(report.TryDecodeTcbs(product.TcbLayout(), out TcbVersions tcbs, out _));
        Assert.Equal(Tcb(vector.Report.CurrentTcb, product), tcbs.Current);
        Assert.Equal(Tcb(vector.Report.ReportedTcb, product), tcbs.Reported);
        Assert.Equal(Tcb(vector.Report.CommittedTcb, product), tcbs.Committed);
        Assert.Equal(Tcb(vector.Report.LaunchTcb, product), tcbs.Launch);
    }

    private static ulong? Optional(string? text) => text is null ? null : SnpReportFields.Number(text);

    private static TcbVersion Tcb(SnpTcb tcb, ProductLine product) => new(product.TcbLayout(), tcb.Fmc ?? 0, tcb.Bl, tcb.Tee, tcb.Snp, tcb.Ucode);
}
