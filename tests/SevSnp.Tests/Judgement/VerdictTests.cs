using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;

namespace SevSnp.Tests.Judgement;

/// <summary>What a verdict says beyond its checks.</summary>
public sealed class VerdictTests
{
    [Fact]
    public void Acceptance_IsOneReadableSentence() => Assert.Equal(
        "Accepted: coconut-svsm 2026.11 (tenants/default/referenceValues/coconut-svsm-2026-11) at VMPL 0 on Milan, endorsed by a VCEK of a simulated root.",
        Guest.Vcek().Decide().Summary);

    [Fact]
    public void OneFailure_IsExplained() => Assert.Equal(
        "Refused: DEBUG_IS_OFF failed: expected debugging forbidden by the guest policy, found: guest policy 0xb0000.",
        Guest.Vcek().WithReport(r => r with { Policy = 0xB0000 }).Decide().Summary);

    [Fact]
    public void SeveralFailures_AreNamed() => Assert.Equal(
        "Refused: 2 checks failed: VMPL_IS_ALLOWED, DEBUG_IS_OFF.",
        Guest.Vcek().WithReport(r => r with { Policy = 0xB0000, Vmpl = 1 }).Decide().Summary);

    [Fact]
    public void ManyFailures_AreCounted() => Assert.EndsWith(
        " and 3 more.",
        (Guest.Vcek() with { Values = [] })
            .WithReport(r => r with { Policy = 0xF0000, Vmpl = 1, PlatformInfo = 0, ReportData = new byte[64], ReportId = new byte[32], GuestSvn = 1 })
            .Decide().Summary,
        StringComparison.Ordinal);

    [Fact]
    public void GoodGuest_HasTheseWarningsOnly() =>
        Assert.Equal(["UNSAFE_EXTRA_ROOT", "NO_REVOCATION_LIST", "NO_TCB_FLOOR"], Guest.Vcek().Decide().WarningIds());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FloorOfAnyone_EndsTheWarning(bool isOfThePolicy)
    {
        TcbFloor floor = new(ProductLine.Milan, null, null, new(TcbLayout.Legacy, 0, 1, 0, 1, 1), null);
        Guest guest = isOfThePolicy ? Guest.Vcek().Demanding(c => c with { TcbFloors = [floor] }) : Guest.Vcek().Registered(c => c with { TcbFloors = [floor] });
        Assert.DoesNotContain("NO_TCB_FLOOR", guest.MustBeAccepted().WarningIds());
    }

    [Fact]
    public void EveryUnsafeSwitch_IsNamedInTheVerdict()
    {
        AttestationVerdict verdict = Guest.Vcek().WithPolicy(p => p with
        {
            UnsafeAllowAnyMeasurement = true,
            UnsafeAllowDebug = true,
            UnsafeAllowMaskedChipId = true,
            UnsafeAllowMigration = true,
            UnsafeAllowUnboundReport = true,
        }).MustBeAccepted();
        Assert.Equal(
            ["UNSAFE_ALLOW_DEBUG", "UNSAFE_ALLOW_MIGRATION", "UNSAFE_ALLOW_MASKED_CHIP_ID", "UNSAFE_ALLOW_UNBOUND_REPORT", "UNSAFE_ALLOW_ANY_MEASUREMENT"],
            verdict.WarningIds().Where(id => id.StartsWith("UNSAFE_ALLOW", StringComparison.Ordinal)));
        Assert.All(verdict.Warnings, w => Assert.EndsWith(".", w.Text, StringComparison.Ordinal));

        // A switch that was not needed leaves the checks as they are.
        Assert.Equal(CheckStatus.Passed, verdict.StatusOf(CheckId.MeasurementIsRegistered));
        Assert.Equal(CheckStatus.Passed, verdict.StatusOf(CheckId.ReportDataMatchesBinding));
    }

    [Fact]
    public void PolicyName_IsShown() =>
        Assert.Equal("strict", Guest.Vcek().WithPolicy(p => p with { Name = "strict" }).Decide().PolicyName);

    [Fact]
    public void SameDemandOfSeveral_IsShownOnceWithAll()
    {
        CheckResult check = Guest.Vcek().WithReport(r => r with { Vmpl = 3 })
            .Expecting(c => c with { Vmpls = new HashSet<uint> { 0 } })
            .MustBeRefused(CheckId.VmplIsAllowed).Of(CheckId.VmplIsAllowed);
        Assert.Equal(("VMPL 0 (policy, request)", "VMPL 3"), (check.Expected, check.Actual));
    }
}
