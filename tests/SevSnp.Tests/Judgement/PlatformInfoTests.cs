using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;

namespace SevSnp.Tests.Judgement;

/// <summary>C35: the truth tables of the platform information.</summary>
public sealed class PlatformInfoTests
{
    private const ulong AliasCheck = (ulong)PlatformInfoBits.AliasCheckComplete;

    public static TheoryData<int> Bits => [.. Enumerable.Range(0, 64)];

    [Theory]
    [MemberData(nameof(Bits))]
    public void T37_EachBit_IsRequiredForbiddenOrOfNoConcern(int bit)
    {
        PlatformInfoBits mask = (PlatformInfoBits)(1UL << bit);
        foreach (bool isSet in new[] { false, true })
        {
            Guest guest = With(isSet ? 1UL << bit : 0).WithPolicy(p => p with { UnsafeSkipAliasCheck = true });
            Assert.Equal(CheckStatus.NotRequired, Status(guest, null));
            Assert.Equal(CheckStatus.Passed, Status(guest, new()));
            Assert.Equal(isSet ? CheckStatus.Passed : CheckStatus.Failed, Status(guest, new(Required: mask)));
            Assert.Equal(isSet ? CheckStatus.Failed : CheckStatus.Passed, Status(guest, new(Forbidden: mask)));
            Assert.Equal(CheckStatus.Failed, Status(guest, new(Required: mask, Forbidden: mask)));
        }
    }

    [Theory]
    [MemberData(nameof(Bits))]
    public void T37_UnknownBit_IsShownAndNotRefused(int bit)
    {
        AttestationVerdict verdict = With(AliasCheck | (1UL << bit)).MustBeAccepted();
        Assert.Equal(bit >= 8, verdict.WarningIds().Contains("UNKNOWN_PLATFORM_BITS"));
    }

    [Theory]
    [InlineData(ProductLine.Milan, 3U)]
    [InlineData(ProductLine.Genoa, 4U)]
    [InlineData(ProductLine.Turin, 5U)]
    public void T42_AliasCheckNotComplete_IsRefused(ProductLine product, uint version)
    {
        Guest guest = Guest.Vcek(product, version);
        guest.WithReport(r => r with { PlatformInfo = AliasCheck }).MustBeAccepted();
        AttestationVerdict verdict = guest.WithReport(r => r with { PlatformInfo = ~AliasCheck }).MustBeRefused(CheckId.PlatformInfoIsAllowed);
        Assert.Equal("memory alias check not complete", verdict.Of(CheckId.PlatformInfoIsAllowed).Detail);
    }

    [Fact]
    public void T42_AliasCheckNotDemanded_IsAcceptedWithAWarning() =>
        Assert.Contains("UNSAFE_SKIP_ALIAS_CHECK", With(0).WithPolicy(p => p with { UnsafeSkipAliasCheck = true }).MustBeAccepted().WarningIds());

    [Fact]
    public void T42_AliasCheckDemandedByRequestOrValue_IsDemanded()
    {
        PlatformInfoRule rule = new(Required: PlatformInfoBits.AliasCheckComplete);
        Guest guest = With(0).WithPolicy(p => p with { UnsafeSkipAliasCheck = true });
        guest.Expecting(c => c with { PlatformInfo = rule }).MustBeRefused(CheckId.PlatformInfoIsAllowed);
        guest.Registered(c => c with { PlatformInfo = rule }).MustBeRefused(CheckId.MeasurementIsRegistered, CheckId.PlatformInfoIsAllowed);
    }

    [Fact]
    public void T42_Version2_CannotShowItAndTheVerdictSaysSo()
    {
        Guest guest = Guest.Vcek(ProductLine.Milan, 2).Demanding(c => c with { MinReportVersion = 2 });
        AttestationVerdict verdict = guest.MustBeAccepted();
        Assert.Contains("ALIAS_CHECK_NOT_STATED", verdict.WarningIds());
        Assert.Equal(CheckStatus.NotRequired, verdict.StatusOf(CheckId.PlatformInfoIsAllowed));
    }

    [Fact]
    public void T37_AliasCheckAndAnotherRule_BothSpeak()
    {
        AttestationVerdict verdict = With(0)
            .Demanding(c => c with { PlatformInfo = new(Required: PlatformInfoBits.EccEnabled) })
            .MustBeRefused(CheckId.PlatformInfoIsAllowed);
        CheckResult check = verdict.Of(CheckId.PlatformInfoIsAllowed);
        Assert.Equal("AliasCheckComplete (policy); required EccEnabled, forbidden none (policy)", check.Expected);
        Assert.Equal("memory alias check not complete; EccEnabled not set", check.Detail);

        With(AliasCheck).Demanding(c => c with { PlatformInfo = new(Required: PlatformInfoBits.EccEnabled) }).MustBeRefused(CheckId.PlatformInfoIsAllowed);
        With(4).Demanding(c => c with { PlatformInfo = new(Required: PlatformInfoBits.EccEnabled) }).MustBeRefused(CheckId.PlatformInfoIsAllowed);
        With(AliasCheck | 4).Demanding(c => c with { PlatformInfo = new(Required: PlatformInfoBits.EccEnabled) }).MustBeAccepted();
    }

    private static Guest With(ulong platformInfo) => Guest.Vcek().WithReport(r => r with { PlatformInfo = platformInfo });

    private static CheckStatus Status(Guest guest, PlatformInfoRule? rule) =>
        guest.Demanding(c => c with { PlatformInfo = rule }).Decide().StatusOf(CheckId.PlatformInfoIsAllowed);
}
