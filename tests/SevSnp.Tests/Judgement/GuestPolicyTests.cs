using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;

namespace SevSnp.Tests.Judgement;

/// <summary>C32, C33, C34: the truth tables of the guest policy.</summary>
public sealed class GuestPolicyTests
{
    private const ulong Plain = 0x30000;

    public static TheoryData<GuestPolicyBits> NamedBits => [.. Enum.GetValues<GuestPolicyBits>().Where(b => b != GuestPolicyBits.None)];

    [Theory]
    [MemberData(nameof(NamedBits))]
    public void T36_EachBit_IsRequiredForbiddenOrOfNoConcern(GuestPolicyBits bit)
    {
        foreach (bool isSet in new[] { false, true })
        {
            ulong policy = isSet ? Plain | (ulong)bit : Plain & ~(ulong)bit;
            Guest guest = Guest.Vcek().WithReport(r => r with { Policy = policy });
            Assert.Equal(CheckStatus.NotRequired, Status(guest, null));
            Assert.Equal(CheckStatus.Passed, Status(guest, new()));
            Assert.Equal(isSet ? CheckStatus.Passed : CheckStatus.Failed, Status(guest, new(Required: bit)));
            Assert.Equal(isSet ? CheckStatus.Failed : CheckStatus.Passed, Status(guest, new(Forbidden: bit)));
            Assert.Equal(CheckStatus.Failed, Status(guest, new(Required: bit, Forbidden: bit)));
        }
    }

    [Fact]
    public void T36_RequiredAndForbiddenBits_AreNamedInTheAnswer()
    {
        AttestationVerdict verdict = Guest.Vcek()
            .Demanding(c => c with { GuestPolicy = new(Required: GuestPolicyBits.SingleSocket, Forbidden: GuestPolicyBits.Smt) })
            .MustBeRefused(CheckId.GuestPolicyIsAllowed);
        CheckResult check = verdict.Of(CheckId.GuestPolicyIsAllowed);
        Assert.Equal("required SingleSocket, forbidden Smt (policy)", check.Expected);
        Assert.Equal("0x30000", check.Actual);
        Assert.Equal("SingleSocket not set; Smt set", check.Detail);
    }

    // Bits of three sets of constraints come together: each must hold.
    [Fact]
    public void T36_RulesOfAllThree_MustHold()
    {
        Guest guest = Guest.Vcek()
            .WithReport(r => r with { Policy = Plain | (ulong)GuestPolicyBits.SingleSocket })
            .Demanding(c => c with { GuestPolicy = new(Required: GuestPolicyBits.SingleSocket) })
            .Expecting(c => c with { GuestPolicy = new(Forbidden: GuestPolicyBits.CxlAllow) })
            .Registered(c => c with { GuestPolicy = new(Required: GuestPolicyBits.Smt) });
        guest.MustBeAccepted();
        guest.WithReport(r => r with { Policy = Plain }).MustBeRefused(CheckId.GuestPolicyIsAllowed);
        guest.WithReport(r => r with { Policy = r.Policy | (ulong)GuestPolicyBits.CxlAllow }).MustBeRefused(CheckId.GuestPolicyIsAllowed);
        guest.WithReport(r => r with { Policy = r.Policy & ~(ulong)GuestPolicyBits.Smt })
            .MustBeRefused(CheckId.MeasurementIsRegistered, CheckId.GuestPolicyIsAllowed);
    }

    [Theory]
    [InlineData(1, 58, 1, 58, true)]
    [InlineData(1, 59, 1, 58, true)]
    [InlineData(2, 0, 1, 58, true)]
    [InlineData(1, 57, 1, 58, false)]
    [InlineData(0, 255, 1, 0, false)]
    [InlineData(0, 0, 0, 1, false)]
    public void T36_AbiMinimum_IsComparedAsATuple(byte major, byte minor, byte minMajor, byte minMinor, bool holds)
    {
        Guest guest = Guest.Vcek().WithReport(r => r with { Policy = Plain | ((ulong)major << 8) | minor });
        Assert.Equal(holds ? CheckStatus.Passed : CheckStatus.Failed, Status(guest, new(MinAbiMajor: minMajor, MinAbiMinor: minMinor)));
    }

    [Fact]
    public void T34_DebugGuest_IsRefused() => Debugged(Guest.Vcek()).MustBeRefused(CheckId.DebugIsOff);

    [Fact]
    public void T34_DebugGuest_IsRefusedThoughItsBitIsRequired()
    {
        GuestPolicyRule debug = new(Required: GuestPolicyBits.Debug);
        Debugged(Guest.Vcek())
            .Demanding(c => c with { GuestPolicy = debug }).Expecting(c => c with { GuestPolicy = debug }).Registered(c => c with { GuestPolicy = debug })
            .MustBeRefused(CheckId.DebugIsOff);
    }

    [Fact]
    public void T34_DebugGuest_IsAcceptedByTheUnsafeSwitchAlone()
    {
        Guest allowed = Debugged(Guest.Vcek()).WithPolicy(p => p with { UnsafeAllowDebug = true });
        AttestationVerdict verdict = allowed.MustBeAccepted();
        Assert.Equal(CheckStatus.NotRequired, verdict.StatusOf(CheckId.DebugIsOff));
        Assert.Contains("UNSAFE_ALLOW_DEBUG", verdict.WarningIds());
        allowed.Expecting(c => c with { GuestPolicy = new(Forbidden: GuestPolicyBits.Debug) }).MustBeRefused(CheckId.GuestPolicyIsAllowed);
    }

    [Theory]
    [InlineData(false, false, CheckStatus.Passed, CheckStatus.Passed)]
    [InlineData(false, true, CheckStatus.Failed, CheckStatus.Failed)]
    [InlineData(true, false, CheckStatus.Failed, CheckStatus.NotRequired)]
    [InlineData(true, true, CheckStatus.Failed, CheckStatus.NotRequired)]
    public void T35_MigrationBitAndAgent_AreBothLookedAt(bool isAllowed, bool isBound, CheckStatus byDefault, CheckStatus whenUnsafe)
    {
        Guest guest = Guest.Vcek().WithReport(r => r with
        {
            Policy = isAllowed ? Plain | (ulong)GuestPolicyBits.MigrateMa : Plain,
            ReportIdMa = isBound ? new byte[32] : r.ReportIdMa,
        });
        Assert.Equal(byDefault, guest.Decide().StatusOf(CheckId.MigrationIsOff));
        AttestationVerdict loosened = guest.WithPolicy(p => p with { UnsafeAllowMigration = true }).Decide();
        Assert.Equal(whenUnsafe, loosened.StatusOf(CheckId.MigrationIsOff));
        Assert.Equal(whenUnsafe != CheckStatus.Failed, loosened.Accepted);
    }

    [Fact]
    public void T35_OneBitOfReportIdMaClear_IsRefused()
    {
        for (int i = 0; i < 32; i++)
        {
            byte[] agent = [.. Enumerable.Repeat((byte)0xFF, 32)];
            agent[i] = 0xFE;
            Guest.Vcek().WithReport(r => r with { ReportIdMa = agent }).MustBeRefused(CheckId.MigrationIsOff);
        }
    }

    private static Guest Debugged(Guest guest) => guest.WithReport(r => r with { Policy = Plain | (ulong)GuestPolicyBits.Debug });

    private static CheckStatus Status(Guest guest, GuestPolicyRule? rule) =>
        guest.Demanding(c => c with { GuestPolicy = rule }).Decide().StatusOf(CheckId.GuestPolicyIsAllowed);
}
