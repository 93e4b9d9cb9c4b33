using SevSnp.Advisories;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Tests.Advisories;

namespace SevSnp.Tests.Judgement;

/// <summary>C48: what a report says of security bulletins, and policies that demand some.</summary>
public sealed class AdvisoryTests
{
    private const string BadRam = "AMD-SB-3015";
    private const string EntrySign = "AMD-SB-3019";

    private static readonly TcbVersion Milan = new(TcbLayout.Legacy, 0, 4, 0, 24, 219);
    private static readonly CpuSignature MilanX = new(0x19, 0x01, 2);

    public static TheoryData<string> Unconfirmed => [.. AdvisoryList.BuiltIn.All.Where(a => !a.IsActive).Select(a => a.Id)];

    [Fact]
    public void NothingDemanded_EveryBulletinIsListedAndNoneDecides()
    {
        AttestationVerdict verdict = Guest.Vcek().MustBeAccepted();
        Assert.Equal(AdvisoryList.BuiltIn.All.Select(a => a.Id), verdict.Advisories.Select(f => f.Advisory.Id));
        Assert.Equal(CheckStatus.NotRequired, verdict.StatusOf(CheckId.RequiredAdvisoriesAreMet));
        Assert.Equal(AdvisoryStatus.UpToDate, StatusOf(verdict, BadRam));
        Assert.Equal(AdvisoryStatus.UpToDate, StatusOf(verdict, EntrySign));
        Assert.Equal(AdvisoryStatus.Unknown, StatusOf(verdict, "AMD-SB-3020"));
    }

    [Fact]
    public void ReportThatIsNotAuthentic_ShowsNothingOfBulletins()
    {
        Guest guest = Guest.Vcek();
        byte[] report = guest.Scenario.SignReport();
        report[0x90] ^= 1;
        AttestationVerdict verdict = guest.Decide(guest.Scenario.Authenticate(report, guest.Scenario.Bundle));
        Assert.Equal((RejectionKind.NotAuthentic, 0), (verdict.Rejection, verdict.Advisories.Count));
        Assert.Equal(CheckStatus.NotEvaluated, verdict.StatusOf(CheckId.RequiredAdvisoriesAreMet));
    }

    [Fact]
    public void T42_BadRam_NeedsTheAliasCheck()
    {
        Guest guest = Requiring(Guest.Vcek(), BadRam).WithPolicy(p => p with { UnsafeSkipAliasCheck = true });
        guest.MustBeAccepted();
        AttestationVerdict verdict = guest.WithReport(r => r with { PlatformInfo = 0x05 }).MustBeRefused(CheckId.RequiredAdvisoriesAreMet);
        Assert.Equal("AMD-SB-3015: AliasCheckComplete not set", verdict.Of(CheckId.RequiredAdvisoriesAreMet).Detail);
        Assert.Equal(AdvisoryStatus.OutOfDate, StatusOf(verdict, BadRam));
    }

    [Fact]
    public void T42_BadRam_IsUnknownWhereTheReportCannotShowIt()
    {
        Guest old = Requiring(Guest.Vcek(ProductLine.Milan, 2), BadRam).Demanding(c => c with { MinReportVersion = 2 }).WithReport(r => r with { PlatformInfo = 0x01 });
        Assert.Equal(AdvisoryStatus.Unknown, StatusOf(old.MustBeRefused(CheckId.RequiredAdvisoriesAreMet), BadRam));
        Assert.Equal(AdvisoryStatus.Unknown, StatusOf(Requiring(Guest.Vcek(ProductLine.Turin), BadRam).MustBeRefused(CheckId.RequiredAdvisoriesAreMet), BadRam));
    }

    [Theory]
    [InlineData(24, 219, AdvisoryStatus.UpToDate)]
    [InlineData(23, 219, AdvisoryStatus.OutOfDate)]
    [InlineData(24, 218, AdvisoryStatus.OutOfDate)]
    [InlineData(0, 0, AdvisoryStatus.OutOfDate)]
    public void T46_EntrySign_HasItsBoundary(byte snp, byte microcode, AdvisoryStatus expected)
    {
        // The signing key, and with it the reported TCB, stays: what ran at launch is the one that varies.
        Guest guest = Requiring(Guest.Vcek(), EntrySign).WithReport(r => r with { LaunchTcb = Milan with { Snp = snp, Microcode = microcode } });
        Assert.Equal(expected, StatusOf(guest.Decide(), EntrySign));
        Assert.Equal(expected == AdvisoryStatus.UpToDate, guest.Decide().Accepted);
    }

    [Fact]
    public void T46_EntrySign_ComparesMicrocodeWithThatOfTheVeryCpu()
    {
        Guest guest = Requiring(Guest.Vcek(), EntrySign);
        guest.WithReport(r => r with { Cpu = MilanX, LaunchTcb = Milan with { Microcode = 68 } }).MustBeAccepted();
        guest.WithReport(r => r with { Cpu = MilanX, LaunchTcb = Milan with { Microcode = 67 } }).MustBeRefused(CheckId.RequiredAdvisoriesAreMet);

        // A stepping without a figure is neither good nor bad, unless the product line's own figure is missed.
        CpuSignature other = new(0x19, 0x01, 0);
        Assert.Equal(AdvisoryStatus.Unknown, StatusOf(guest.WithReport(r => r with { Cpu = other }).MustBeRefused(CheckId.RequiredAdvisoriesAreMet), EntrySign));
        AttestationVerdict below = guest.WithReport(r => r with { Cpu = other, LaunchTcb = Milan with { Snp = 23 } }).MustBeRefused(CheckId.RequiredAdvisoriesAreMet);
        Assert.Equal(AdvisoryStatus.OutOfDate, StatusOf(below, EntrySign));
    }

    [Fact]
    public void T46_EntrySign_OfAReportWithoutCpuIsUnknown()
    {
        Guest guest = Requiring(Guest.Vcek(ProductLine.Milan, 2), EntrySign).Demanding(c => c with { MinReportVersion = 2 });
        AttestationVerdict verdict = guest.MustBeRefused(CheckId.RequiredAdvisoriesAreMet);
        Assert.Equal("AMD-SB-3019: reports of version 2 do not name their CPU", verdict.Of(CheckId.RequiredAdvisoriesAreMet).Detail);
    }

    [Fact]
    public void T40_GuestLaunchedUnderOldFirmware_IsOutOfDateOnAMendedHost()
    {
        Guest guest = Requiring(Guest.Vcek(), EntrySign);
        AttestationVerdict verdict = guest.WithReport(r => r with { LaunchTcb = Milan with { Snp = 20 } }).MustBeRefused(CheckId.RequiredAdvisoriesAreMet);
        Assert.StartsWith("AMD-SB-3019: LAUNCH_TCB ", verdict.Of(CheckId.RequiredAdvisoriesAreMet).Detail, StringComparison.Ordinal);
        Decide(Requiring(Mended(3), "TEST-1"), Bit, accepted: true);
        Decide(Requiring(Mended(1), "TEST-1"), Bit, accepted: false);

        static Guest Mended(ulong atLaunch) => Guest.Vcek().WithReport(r => r with { LaunchMitigations = atLaunch, CurrentMitigations = 3 });
    }

    [Theory]
    [InlineData(3UL, 3UL, AdvisoryStatus.UpToDate)]
    [InlineData(2UL, 3UL, AdvisoryStatus.UpToDate)]
    [InlineData(1UL, 3UL, AdvisoryStatus.OutOfDate)]
    [InlineData(3UL, 1UL, AdvisoryStatus.OutOfDate)]
    [InlineData(0UL, 0UL, AdvisoryStatus.OutOfDate)]
    public void T41_MitigationBit_MustBeSetAtLaunchAndNow(ulong launch, ulong current, AdvisoryStatus expected)
    {
        Guest guest = Requiring(Guest.Vcek(), "TEST-1").WithReport(r => r with { LaunchMitigations = launch, CurrentMitigations = current });
        Assert.Equal(expected, Assert.Single(Decide(guest, Bit, expected == AdvisoryStatus.UpToDate).Advisories).Status);
    }

    [Fact]
    public void T41_ReportThatStatesNoMitigations_IsUnknown()
    {
        AttestationVerdict verdict = Decide(Requiring(Guest.Vcek(ProductLine.Milan, 3), "TEST-1"), Bit, accepted: false);
        Assert.Equal((AdvisoryStatus.Unknown, "reports of version 3 do not state mitigations"), (verdict.Advisories[0].Status, verdict.Advisories[0].Detail));
    }

    // T43 RMPocalypse, T44 Fabricked, T45 BreakFAST: nothing is confirmed of them, so they are listed, and whoever demands them is refused.
    [Theory]
    [MemberData(nameof(Unconfirmed))]
    public void T43_T44_T45_UnconfirmedBulletin_IsUnknownAndRefusedWhereDemanded(string id)
    {
        Assert.Equal(AdvisoryStatus.Unknown, StatusOf(Guest.Vcek().MustBeAccepted(), id));
        AttestationVerdict verdict = Requiring(Guest.Vcek(), id).MustBeRefused(CheckId.RequiredAdvisoriesAreMet);
        Assert.Equal($"{id} UNKNOWN", verdict.Of(CheckId.RequiredAdvisoriesAreMet).Actual);
    }

    // Once their figures are known, the data file alone makes them count.
    [Theory]
    [InlineData("{\"product\":\"milan\",\"tcb\":{\"snp\":25}}", AdvisoryStatus.OutOfDate)]
    [InlineData("{\"product\":\"milan\",\"tcb\":{\"snp\":24}}", AdvisoryStatus.UpToDate)]
    [InlineData("{\"product\":\"milan\",\"mitigations\":\"0x10\"}", AdvisoryStatus.OutOfDate)]
    [InlineData("{\"product\":\"milan\",\"mitigations\":\"0x8\"}", AdvisoryStatus.UpToDate)]
    [InlineData("{\"product\":\"turin\",\"tcb\":{\"snp\":4}}", AdvisoryStatus.Unknown)]
    public void T43_T44_T45_NamedFloorOrBit_DecidesOnceTheFileHasIt(string requirement, AdvisoryStatus expected)
    {
        AttestationVerdict verdict = Decide(Requiring(Guest.Vcek(), "TEST-1"), List(requirement), expected == AdvisoryStatus.UpToDate);
        Assert.Equal(expected, Assert.Single(verdict.Advisories).Status);
    }

    [Fact]
    public void BulletinThatTheListDoesNotHave_IsRefusedWhereDemanded()
    {
        AttestationVerdict verdict = Requiring(Guest.Vcek(), BadRam, "AMD-SB-9999").MustBeRefused(CheckId.RequiredAdvisoriesAreMet);
        Assert.Equal("AMD-SB-9999: the list of bulletins does not have it", verdict.Of(CheckId.RequiredAdvisoriesAreMet).Detail);
    }

    private static AdvisoryList Bit => List("{\"product\":\"milan\",\"mitigations\":\"0x2\"}");

    private static AdvisoryList List(string requirement) => AdvisoryListTests.Read(
        $$"""
        {"v":1,"date":"2026-01-02","advisories":[{"id":"TEST-1","title":"a title","cves":[],"active":true,
        "requirements":[{{requirement}}],"sources":["this test"],"date":"2026-01-02","note":"a note"}]}
        """);

    private static Guest Requiring(Guest guest, params string[] ids) => guest.WithPolicy(p => p with { RequiredAdvisories = ids.ToHashSet() });

    private static AttestationVerdict Decide(Guest guest, AdvisoryList list, bool accepted)
    {
        AttestationVerdict verdict = guest.Decide(list);
        Assert.Equal(accepted, verdict.Accepted);
        Assert.Equal(accepted ? CheckStatus.Passed : CheckStatus.Failed, verdict.StatusOf(CheckId.RequiredAdvisoriesAreMet));
        return verdict;
    }

    private static AdvisoryStatus StatusOf(AttestationVerdict verdict, string id) => Assert.Single(verdict.Advisories, f => f.Advisory.Id == id).Status;
}
