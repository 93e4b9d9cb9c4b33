using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Primitives;

namespace SevSnp.Tests.Judgement;

/// <summary>C27 and C31.</summary>
public sealed class VmplAndHostDataTests
{
    private static readonly byte[] HostData = [.. Enumerable.Repeat((byte)0x40, 32)];

    [Theory]
    [InlineData(1U)]
    [InlineData(2U)]
    [InlineData(3U)]
    public void T60_OtherVmplThanTheSvsms_IsRefused(uint vmpl)
    {
        Guest guest = Guest.Vcek().WithReport(r => r with { Vmpl = vmpl });
        guest.MustBeRefused(CheckId.VmplIsAllowed);
        guest.Demanding(c => c with { Vmpls = new HashSet<uint> { vmpl } }).MustBeAccepted();
        guest.Demanding(c => c with { Vmpls = new HashSet<uint> { 0, 1, 2, 3 } }).MustBeAccepted();
        guest.Demanding(c => c with { Vmpls = new HashSet<uint> { 0, 1, 2, 3 } })
            .Expecting(c => c with { Vmpls = new HashSet<uint> { 0 } })
            .MustBeRefused(CheckId.VmplIsAllowed);
    }

    [Fact]
    public void T60_VmplHasNoUnsetDefault()
    {
        Guest guest = Guest.Vcek().WithReport(r => r with { Vmpl = 1 });
        guest.Demanding(c => c with { Vmpls = null }).MustBeRefused(CheckId.VmplIsAllowed);
        guest.Expecting(c => c with { Vmpls = new HashSet<uint> { 1 } }).MustBeRefused(CheckId.VmplIsAllowed);
    }

    [Fact]
    public void T53_EmptySetOfVmpls_AllowsNone()
    {
        CheckResult check = Guest.Vcek().Expecting(c => c with { Vmpls = new HashSet<uint>() }).MustBeRefused(CheckId.VmplIsAllowed).Of(CheckId.VmplIsAllowed);
        Assert.Equal(("no VMPL is allowed (request)", "VMPL 0"), (check.Expected, check.Actual));
    }

    [Theory]
    [InlineData(0xFFFFFFFFU)]
    [InlineData(4U)]
    [InlineData(0x100U)]
    public void T61_HostRequestedOrImpossibleVmpl_IsRefusedWhateverIsStated(uint vmpl)
    {
        HashSet<uint> all = [0, 1, 2, 3, 4, 0x100, vmpl];
        AttestationVerdict verdict = Guest.Vcek()
            .WithReport(r => r with { Vmpl = vmpl })
            .WithPolicy(p => p with { UnsafeAllowDebug = true, UnsafeAllowAnyMeasurement = true, UnsafeAllowMigration = true, UnsafeAllowMaskedChipId = true, UnsafeAllowUnboundReport = true })
            .Demanding(c => c with { Vmpls = all }).Expecting(c => c with { Vmpls = all }).Registered(c => c with { Vmpls = all })
            .MustBeRefused(CheckId.VmplIsAllowed);
        string? host = vmpl == 0xFFFFFFFF ? "the host asked for this report, not the guest" : null;
        Assert.Equal(host, verdict.Of(CheckId.VmplIsAllowed).Detail);
    }

    [Fact]
    public void T55_HostData_IsExactAndShownAsTheHosts()
    {
        Guest guest = Guest.Vcek().WithReport(r => r with { HostData = HostData });
        AttestationVerdict verdict = guest.Expecting(c => c with { HostData = new HexBytes(HostData) }).MustBeAccepted();
        Assert.EndsWith(", chosen by the host", verdict.Of(CheckId.HostDataMatches).Actual, StringComparison.Ordinal);
        for (int i = 0; i < 32; i++)
        {
            byte[] other = [.. HostData];
            other[i] ^= 1;
            guest.Expecting(c => c with { HostData = new HexBytes(other) }).MustBeRefused(CheckId.HostDataMatches);
        }
    }

    [Fact]
    public void T55_ShorterExpectation_DoesNotMatchAPrefix()
    {
        Guest guest = Guest.Vcek().WithReport(r => r with { HostData = HostData });
        guest.Expecting(c => c with { HostData = new HexBytes(HostData.AsSpan(0, 31)) }).MustBeRefused(CheckId.HostDataMatches);
        guest.Expecting(c => c with { HostData = new HexBytes([]) }).MustBeRefused(CheckId.HostDataMatches);
    }

    [Fact]
    public void T55_HostDataNotAskedFor_IsNotRequired() =>
        Assert.Equal(CheckStatus.NotRequired, Guest.Vcek().WithReport(r => r with { HostData = HostData }).MustBeAccepted().StatusOf(CheckId.HostDataMatches));
}
