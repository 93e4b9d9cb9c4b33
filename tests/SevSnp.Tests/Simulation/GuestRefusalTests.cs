using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>Authentic reports, rightly signed, of guests that the default policy must refuse although their measurement is registered.</summary>
public sealed class GuestRefusalTests
{
    private static readonly byte[] NoAgent = [.. Enumerable.Repeat((byte)0xFF, 32)];

    [Fact]
    public void T34_DebugGuest_IsRefusedUnlessThePolicyLoosens()
    {
        Scenario debug = Scenario.Vcek().WithReport(r => r with { Policy = r.Policy | (ulong)GuestPolicyBits.Debug });
        AttestationVerdict verdict = debug.Judge();
        SimulationAssert.IsRejected(verdict, RejectionKind.Refused, CheckId.DebugIsOff);
        Assert.Equal(CheckStatus.Passed, verdict.Checks.Single(c => c.Id == CheckId.MeasurementIsRegistered).Status);
        SimulationAssert.IsAccepted(debug.Judge(AppraisalPolicy.Default with { UnsafeAllowDebug = true }));
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    [InlineData(true, false, false)]
    public void T35_MigrationBitAndAgent_OnlyNeitherIsAccepted(bool mayMigrate, bool noAgent, bool isAccepted)
    {
        Scenario scenario = Scenario.Vcek().WithReport(r => r with
        {
            Policy = r.Policy | (mayMigrate ? (ulong)GuestPolicyBits.MigrateMa : 0),
            ReportIdMa = noAgent ? NoAgent : [.. NoAgent[..31], 0xFE],
        });
        if (isAccepted)
        {
            SimulationAssert.IsAccepted(scenario.Judge());
        }
        else
        {
            SimulationAssert.IsRejected(scenario.Judge(), RejectionKind.Refused, CheckId.MigrationIsOff);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void T60_OtherVmpl_IsRefusedUnlessThePolicyNamesIt(uint vmpl)
    {
        Scenario scenario = Scenario.Vcek().WithReport(r => r with { Vmpl = vmpl });
        SimulationAssert.IsRejected(scenario.Judge(), RejectionKind.Refused, CheckId.VmplIsAllowed);
        SimulationAssert.IsAccepted(scenario.Judge(Allowing(vmpl)));
        SimulationAssert.IsRejected(Scenario.Vcek().Judge(Allowing(vmpl)), RejectionKind.Refused, CheckId.VmplIsAllowed);
    }

    [Theory]
    [InlineData(0xFFFF_FFFF)]
    [InlineData(4)]
    [InlineData(0x100)]
    [InlineData(0x8000_0000)]
    public void T61_HostRequestedReport_IsRefusedWhateverThePolicySays(uint vmpl)
    {
        Scenario scenario = Scenario.Vcek().WithReport(r => r with { Vmpl = vmpl });
        SimulationAssert.IsRejected(scenario.Judge(), RejectionKind.Refused, CheckId.VmplIsAllowed);
        SimulationAssert.IsRejected(scenario.Judge(Allowing(vmpl)), RejectionKind.Refused, CheckId.VmplIsAllowed);
    }

    [Fact]
    public void T05_VersionTwo_IsRefusedUnlessThePolicyNamesIt()
    {
        Scenario scenario = Scenario.Vcek(version: 2);
        SimulationAssert.IsRejected(scenario.Judge(), RejectionKind.Refused, CheckId.ReportVersionIsAllowed);
        SimulationAssert.IsAccepted(scenario.Judge(AppraisalPolicy.Default with { Constraints = AppraisalPolicy.Default.Constraints with { MinReportVersion = 2 } }));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void AliasCheckNotDone_IsRefused(uint version)
    {
        Scenario scenario = Scenario.Vcek(version: version).WithReport(r => r with { PlatformInfo = 0x05 });
        SimulationAssert.IsRejected(scenario.Judge(), RejectionKind.Refused, CheckId.PlatformInfoIsAllowed);
        SimulationAssert.IsAccepted(scenario.Judge(AppraisalPolicy.Default with { UnsafeSkipAliasCheck = true }));
    }

    [Fact]
    public void ZeroIdentities_AreRefused()
    {
        SimulationAssert.IsRejected(Scenario.Vcek().WithReport(r => r with { ReportId = new byte[32] }).Judge(), RejectionKind.Refused, CheckId.IdentityFieldsAreNotZero);

        // The zero measurement is never a registered one, whatever the registry says.
        AttestationVerdict zero = Scenario.Vcek().WithReport(r => r with { Measurement = new byte[48] }).Judge();
        Assert.False(zero.Accepted);
        Assert.Equal(CheckStatus.Failed, zero.Checks.Single(c => c.Id == CheckId.IdentityFieldsAreNotZero).Status);
    }

    [Fact]
    public void T22_ReportedAboveCommittedInOneComponent_IsRefused()
    {
        Scenario scenario = Scenario.Vcek();
        TcbVersion lower = scenario.Leaf.Tcb with { Microcode = 200, Snp = 200 };
        SimulationAssert.IsRejected(scenario.WithReport(r => r with { CommittedTcb = lower, CurrentTcb = lower }).Judge(), RejectionKind.Refused, CheckId.TcbOrderHolds);
    }

    private static AppraisalPolicy Allowing(uint vmpl) =>
        AppraisalPolicy.Default with { Constraints = AppraisalPolicy.Default.Constraints with { Vmpls = new HashSet<uint> { vmpl } } };
}
