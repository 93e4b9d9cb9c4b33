using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;

namespace SevSnp.Tests.Judgement;

/// <summary>C36, C37, C38, C39.</summary>
public sealed class TcbTests
{
    private static readonly TcbVersion Milan = new(TcbLayout.Legacy, 0, 4, 0, 24, 219);
    private static readonly CpuSignature MilanCpu = new(0x19, 0x01, 1);

    // On Turin every component is above zero, so that each can stand one below the floor.
    private static readonly TcbVersion Turin = new(TcbLayout.Turin, 1, 1, 1, 4, 81);

    public static TheoryData<string> Components => ["fmc", "bl", "tee", "snp", "ucode"];

    [Fact]
    public void NoFloor_IsNotRequiredAndWarned()
    {
        AttestationVerdict verdict = Guest.Vcek().MustBeAccepted();
        Assert.Contains("NO_TCB_FLOOR", verdict.WarningIds());
        Assert.All(
            [CheckId.ReportedTcbMeetsFloor, CheckId.CommittedTcbMeetsFloor, CheckId.LaunchTcbMeetsFloor],
            id => Assert.Equal(CheckStatus.NotRequired, verdict.StatusOf(id)));
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void T38_EachComponentOneBelowTheFloor_IsRefused(string component)
    {
        // Current, committed and reported must stay in order and be the certificate's, so the floor is raised instead.
        Guest guest = Guest.Vcek(ProductLine.Turin);
        TcbVersion floor = Above(Turin, component);
        Floor(guest, new TcbFloor(ProductLine.Turin, null, Turin, Turin, Turin)).MustBeAccepted();
        AttestationVerdict verdict = Floor(guest, new TcbFloor(ProductLine.Turin, null, floor, null, null)).MustBeRefused(CheckId.ReportedTcbMeetsFloor);
        Floor(guest, new TcbFloor(ProductLine.Turin, null, null, floor, null)).MustBeRefused(CheckId.CommittedTcbMeetsFloor);
        Floor(guest, new TcbFloor(ProductLine.Turin, null, null, null, floor)).MustBeRefused(CheckId.LaunchTcbMeetsFloor);
        Assert.StartsWith($"{component} ", verdict.Of(CheckId.ReportedTcbMeetsFloor).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void T38_Answer_ShowsFloorAndTcb()
    {
        CheckResult check = Floor(Guest.Vcek(), new TcbFloor(ProductLine.Milan, null, null, Milan with { Snp = 27 }, null))
            .MustBeRefused(CheckId.CommittedTcbMeetsFloor).Of(CheckId.CommittedTcbMeetsFloor);
        Assert.Equal("at least bl 4, tee 0, snp 27, ucode 219 (policy)", check.Expected);
        Assert.Equal("bl 4, tee 0, snp 24, ucode 219", check.Actual);
        Assert.Equal("snp 24 is below 27", check.Detail);
    }

    [Fact]
    public void T40_OldLaunchOnAnUpdatedHost_IsRefused()
    {
        Guest guest = Guest.Vcek().WithReport(r => r with { LaunchTcb = Milan with { Snp = 23 } });
        guest.MustBeAccepted();
        Floor(guest, new TcbFloor(ProductLine.Milan, null, Milan, Milan, null)).MustBeAccepted();
        Floor(guest, new TcbFloor(ProductLine.Milan, null, Milan, Milan, Milan)).MustBeRefused(CheckId.LaunchTcbMeetsFloor);
    }

    [Fact]
    public void LaunchAboveCurrent_IsInNoOrder() =>
        Guest.Vcek().WithReport(r => r with { LaunchTcb = Milan with { Snp = 30, Microcode = 255 } }).MustBeAccepted();

    // EntrySign and RMPocalypse as an operator would state them: firmware 24 is the least, the microcode differs by stepping.
    [Fact]
    public void T43_T46_AdvisoryFloor_RefusesTheTcbBelow()
    {
        TcbVersion advisory = new(TcbLayout.Legacy, 0, 0, 0, 24, 219);
        TcbFloor floor = new(ProductLine.Milan, MilanCpu, advisory, advisory, advisory);
        Floor(Guest.Vcek(), floor).MustBeAccepted();
        TcbVersion above = advisory with { Snp = 25 };
        Floor(Guest.Vcek(), floor with { Reported = above, Committed = above, Launch = above })
            .MustBeRefused(CheckId.ReportedTcbMeetsFloor, CheckId.CommittedTcbMeetsFloor, CheckId.LaunchTcbMeetsFloor);
    }

    [Fact]
    public void ProductWithoutAFloor_IsRefusedOnceOneIsStated()
    {
        TcbFloor genoa = new(ProductLine.Genoa, null, null, default(TcbVersion), null);
        AttestationVerdict verdict = Floor(Guest.Vcek(), genoa)
            .MustBeRefused(CheckId.ReportedTcbMeetsFloor, CheckId.CommittedTcbMeetsFloor, CheckId.LaunchTcbMeetsFloor);
        Assert.Equal("a floor for Milan 19/01/1 (policy)", verdict.Of(CheckId.CommittedTcbMeetsFloor).Expected);
        Floor(Guest.Vcek(), genoa, new TcbFloor(ProductLine.Milan, null, null, Milan, null)).MustBeAccepted();
    }

    [Fact]
    public void MostSpecificFloor_IsTheOneThatHolds()
    {
        TcbFloor line = new(ProductLine.Milan, null, null, Milan with { Microcode = 255 }, null);
        TcbFloor cpu = new(ProductLine.Milan, MilanCpu, null, Milan, null);
        TcbFloor otherCpu = cpu with { Cpu = new(0x19, 0x01, 2), Committed = Milan with { Microcode = 0x44 } };
        Floor(Guest.Vcek(), line).MustBeRefused(CheckId.CommittedTcbMeetsFloor);
        Floor(Guest.Vcek(), line, cpu).MustBeAccepted();
        Floor(Guest.Vcek(), cpu, line).MustBeAccepted();
        Floor(Guest.Vcek(), line, otherCpu).MustBeRefused(CheckId.CommittedTcbMeetsFloor);
        Floor(Guest.Vcek(), otherCpu)
            .MustBeRefused(CheckId.ReportedTcbMeetsFloor, CheckId.CommittedTcbMeetsFloor, CheckId.LaunchTcbMeetsFloor);
        Floor(Guest.Vcek(), cpu, cpu with { Committed = Milan with { Tee = 1 } }).MustBeRefused(CheckId.CommittedTcbMeetsFloor);
    }

    // Silence of the more specific floor on one of the three must not lift what its product line demands.
    [Fact]
    public void PartThatTheSpecificFloorLeavesOut_IsThatOfTheProductLine()
    {
        TcbVersion above = Milan with { Snp = 25 };
        TcbFloor cpu = new(ProductLine.Milan, MilanCpu, null, Milan, null);
        Floor(Guest.Vcek(), new TcbFloor(ProductLine.Milan, null, above, null, null), cpu).MustBeRefused(CheckId.ReportedTcbMeetsFloor);
        Floor(Guest.Vcek(), cpu, new TcbFloor(ProductLine.Milan, null, null, above, above)).MustBeRefused(CheckId.LaunchTcbMeetsFloor);
        Floor(Guest.Vcek(), cpu, new TcbFloor(ProductLine.Milan, null, Milan, above, null)).MustBeAccepted();
        Floor(Guest.Vcek(), cpu, new TcbFloor(ProductLine.Milan, new(0x19, 0x01, 2), above, null, above)).MustBeAccepted();
    }

    // Within one set the more specific floor may lie lower; a floor stated elsewhere is not lowered by it.
    [Fact]
    public void SpecificFloorOfTheRequest_DoesNotLowerThePolicys()
    {
        Guest guest = Floor(Guest.Vcek(), new TcbFloor(ProductLine.Milan, null, null, Milan with { Snp = 25 }, null));
        guest.Expecting(c => c with { TcbFloors = [new(ProductLine.Milan, MilanCpu, null, default(TcbVersion), null)] })
            .MustBeRefused(CheckId.CommittedTcbMeetsFloor);
    }

    [Fact]
    public void Version2_MustMeetEveryFloorOfItsProductLine()
    {
        Guest guest = Guest.Vcek(ProductLine.Milan, 2).Demanding(c => c with { MinReportVersion = 2 });
        TcbFloor line = new(ProductLine.Milan, null, null, Milan, null);
        Floor(guest, line).MustBeAccepted();
        Floor(guest, line, line with { Cpu = new(0x19, 0x01, 2), Committed = Milan with { Microcode = 220 } }).MustBeRefused(CheckId.CommittedTcbMeetsFloor);
    }

    [Fact]
    public void T22_FloorInAnotherLayout_IsRefused()
    {
        TcbVersion wrong = new(TcbLayout.Turin, 0, 0, 0, 0, 0);
        AttestationVerdict verdict = Floor(Guest.Vcek(), new TcbFloor(ProductLine.Milan, null, wrong, null, null)).MustBeRefused(CheckId.ReportedTcbMeetsFloor);
        Assert.Contains("layout of another product line", verdict.Of(CheckId.ReportedTcbMeetsFloor).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void T39_CommittedBelowReported_IsRefused(string component)
    {
        Guest guest = Guest.Vcek(ProductLine.Turin);
        AttestationVerdict verdict = guest.WithReport(r => r with { CommittedTcb = Below(Turin, component) }).MustBeRefused(CheckId.TcbOrderHolds);
        Assert.Contains("above the committed one", verdict.Of(CheckId.TcbOrderHolds).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void T39_CurrentBelowCommitted_IsRefused(string component)
    {
        Guest guest = Guest.Vcek(ProductLine.Turin);
        guest.WithReport(r => r with { CurrentTcb = Below(Turin, component) }).MustBeRefused(CheckId.TcbOrderHolds);
        guest.WithReport(r => r with { CommittedTcb = Above(Turin, component), CurrentTcb = Above(Turin, component) }).MustBeAccepted();
        guest.WithReport(r => r with { CurrentTcb = Above(Turin, component) }).MustBeAccepted();
        guest.WithReport(r => r with { CommittedTcb = Above(Turin, component) }).MustBeRefused(CheckId.TcbOrderHolds);
    }

    // The packed number, which is all that firmware compares, rises here: a larger microcode hides the lower boot loader.
    [Fact]
    public void T39_LowerComponentBehindALargerNumber_IsRefused() =>
        Guest.Vcek().WithReport(r => r with { CommittedTcb = Milan with { BootLoader = 3, Microcode = 220 }, CurrentTcb = Milan with { Microcode = 220 } })
            .MustBeRefused(CheckId.TcbOrderHolds);

    private static Guest Floor(Guest guest, params TcbFloor[] floors) => guest.Demanding(c => c with { TcbFloors = floors });

    private static TcbVersion Above(TcbVersion tcb, string component) => Moved(tcb, component, 1);

    private static TcbVersion Below(TcbVersion tcb, string component) => Moved(tcb, component, -1);

    private static TcbVersion Moved(TcbVersion tcb, string component, int by) => component switch
    {
        "fmc" => tcb with { Fmc = (byte)(tcb.Fmc + by) },
        "bl" => tcb with { BootLoader = (byte)(tcb.BootLoader + by) },
        "tee" => tcb with { Tee = (byte)(tcb.Tee + by) },
        "snp" => tcb with { Snp = (byte)(tcb.Snp + by) },
        _ => tcb with { Microcode = (byte)(tcb.Microcode + by) },
    };
}
