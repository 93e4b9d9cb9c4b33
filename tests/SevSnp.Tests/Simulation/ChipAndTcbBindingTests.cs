using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

public sealed class ChipAndTcbBindingTests
{
    public static TheoryData<ProductLine> Products => [.. ProductLines.All];

    [Theory]
    [MemberData(nameof(Products))]
    public void T19_ChipIdOfAnotherChip_IsRefused(ProductLine product)
    {
        byte[] other = SimulatedChip.Named(product, "second").ChipId;
        Scenario scenario = Scenario.Vcek(product).WithReport(r => r with { ChipId = other });
        SimulationAssert.IsRejected(scenario.Judge(), RejectionKind.NotAuthentic, CheckId.ChipIdMatchesCertificate);
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void T19_EveryByteOfTheHardwareId_Counts(ProductLine product)
    {
        Scenario scenario = Scenario.Vcek(product);
        for (int i = 0; i < 64; i++)
        {
            byte[] changed = [.. scenario.Report.ChipId];
            changed[i] ^= 0x10;
            Authentication authentication = scenario.WithReport(r => r with { ChipId = changed }).Authenticate();
            Assert.Equal(CheckStatus.Failed, Status(authentication, CheckId.ChipIdMatchesCertificate));
            Assert.Equal(CheckStatus.Passed, Status(authentication, CheckId.ReportSignatureIsValid));
        }
    }

    // Ids that begin like an INTEGER or an OCTET STRING are raw all the same.
    [Theory]
    [InlineData(0x02, 0x3E)]
    [InlineData(0x04, 0x3E)]
    [InlineData(0x04, 0x40)]
    [InlineData(0x30, 0x3E)]
    public void T19_HardwareIdThatLooksLikeDer_IsTakenRaw(byte first, byte second)
    {
        SimulatedChip named = SimulatedChip.Named(ProductLine.Milan);
        SimulatedKey leaf = VirtualAmd.Milan.Vcek(named with { HardwareId = [first, second, .. named.HardwareId[2..]] });
        SimulationAssert.IsAuthentic(Scenario.Vcek() with { Leaf = leaf, Report = ReportBuilder.For(leaf) });
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void T19_WrappedHardwareId_IsTheSame(ProductLine product)
    {
        Scenario scenario = Scenario.Vcek(product);
        byte[] id = scenario.Leaf.Chip.HardwareId;
        Scenario wrapped = scenario.WithLeaf(r => r.WithValue(Oids.HwId, Der.OctetString(id)));
        SimulationAssert.IsAuthentic(wrapped);
        SimulationAssert.IsRefused(scenario.WithLeaf(r => r.WithValue(Oids.HwId, [0x02, (byte)id.Length, .. id])), CheckId.CertificateExtensionsAreKnown);

        byte[] other = [.. scenario.Report.ChipId];
        other[^1] ^= 1;
        SimulationAssert.IsRejected(wrapped.WithReport(r => r with { ChipId = other }).Judge(), RejectionKind.NotAuthentic, CheckId.ChipIdMatchesCertificate);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(66)]
    public void T19_TurinHardwareIdOfAnotherLength_IsRefused(int length) =>
        SimulationAssert.IsRefused(Scenario.Vcek(ProductLine.Turin).WithLeaf(r => r.WithValue(Oids.HwId, new byte[length])), CheckId.CertificateExtensionsAreKnown);

    [Fact]
    public void T20_MaskedChipIdUnderAVcek_IsRefusedUnlessThePolicyLoosens()
    {
        Scenario masked = Scenario.Vcek().WithReport(r => r with { ChipId = new byte[64] });
        SimulationAssert.IsAuthentic(masked);
        SimulationAssert.IsRejected(masked.Judge(), RejectionKind.Refused, CheckId.ChipIdIsNotMasked);
        SimulationAssert.IsAccepted(masked.Judge(AppraisalPolicy.Default with { UnsafeAllowMaskedChipId = true }));
    }

    public static MatrixTheoryData<ProductLine, KeyKind> Kinds => new(ProductLines.All, [KeyKind.Vcek, KeyKind.Vlek]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void T22_EveryComponentOneOff_IsRefused(ProductLine product, KeyKind kind)
    {
        TcbVersion tcb = SimulatedChip.DefaultTcb(product) with { Tee = 5 };
        foreach (TcbVersion off in OneOff(tcb))
        {
            SimulatedKey leaf = kind == KeyKind.Vcek ? VirtualAmd.For(product).Vcek(tcb: off) : VirtualAmd.For(product).Vlek(tcb: off);
            Scenario scenario = Scenario.Of(VirtualAmd.For(product), kind) with { Leaf = leaf };
            Authentication authentication = scenario.WithReport(r => r.WithTcb(tcb)).Authenticate();
            Assert.Equal([CheckId.ReportedTcbMatchesCertificate], authentication.Checks.Where(c => c.Status == CheckStatus.Failed).Select(c => c.Id));
            SimulationAssert.IsAuthentic(scenario.WithReport(r => r.WithTcb(off)));
        }
    }

    [Fact]
    public void T22_OnlyTheReportedTcb_IsComparedWithTheCertificate()
    {
        Scenario scenario = Scenario.Vcek();
        TcbVersion newer = scenario.Leaf.Tcb with { Microcode = 222 };
        SimulationAssert.IsAccepted(scenario.WithReport(r => r with { CurrentTcb = newer, CommittedTcb = newer, LaunchTcb = newer }).Judge());
        SimulationAssert.IsRejected(scenario.WithReport(r => r with { ReportedTcb = newer, CommittedTcb = newer, CurrentTcb = newer }).Judge(), RejectionKind.NotAuthentic, CheckId.ReportedTcbMatchesCertificate);
    }

    private static IEnumerable<TcbVersion> OneOff(TcbVersion tcb)
    {
        foreach (int step in (int[])[-1, 1])
        {
            yield return tcb with { BootLoader = (byte)(tcb.BootLoader + step) };
            yield return tcb with { Tee = (byte)(tcb.Tee + step) };
            yield return tcb with { Snp = (byte)(tcb.Snp + step) };
            yield return tcb with { Microcode = (byte)(tcb.Microcode + step) };
            if (tcb.Layout == TcbLayout.Turin)
            {
                yield return tcb with { Fmc = (byte)(tcb.Fmc + step) };
            }
        }
    }

    private static CheckStatus Status(Authentication authentication, CheckId id) => authentication.Checks.Single(c => c.Id == id).Status;
}
