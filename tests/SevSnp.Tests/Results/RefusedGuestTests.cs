using SevSnp.Checks;
using SevSnp.Results;
using SevSnp.Tests.Judgement;

namespace SevSnp.Tests.Results;

/// <summary>No refused guest is affirming, whatever it was refused for.</summary>
public sealed class RefusedGuestTests
{
    public static TheoryData<CheckId> AllChecks => [.. CheckIds.All()];

    [Theory]
    [MemberData(nameof(AllChecks))]
    public void T65_AnyCheckFailingAlone_IsNeverAffirming(CheckId failed)
    {
        AttestationResult refused = With(failed, isAuthentic: true, CheckResult.Failed(failed, "a", "b"));
        AttestationResult forged = With(failed, isAuthentic: false, CheckResult.Failed(failed, "a", "b"));

        Assert.False(refused.Accepted);
        Assert.True(refused.Status is TrustTier.Warning or TrustTier.Contraindicated);
        Assert.Equal(TrustTier.Contraindicated, forged.Status);
        Assert.Equal([failed], refused.FailedChecks);

        // The claims themselves say it, for readers who look at these only.
        Assert.Equal(refused.Status, refused.Vector.Tier);
        Assert.Equal(forged.Status, forged.Vector.Tier);
    }

    [Theory]
    [MemberData(nameof(AllChecks))]
    public void AnyCheckNotMade_IsNeverAffirming(CheckId missing) =>
        Assert.NotEqual(TrustTier.Affirming, With(missing, isAuthentic: true, CheckResult.NotEvaluated(missing, "why")).Status);

    [Theory]
    [MemberData(nameof(AllChecks))]
    public void AnyCheckLeftOut_IsContraindicated(CheckId missing)
    {
        Guest guest = Guest.Vcek();
        AttestationResult result = guest.Of(guest.WithChecks(isAuthentic: true, checks => [.. checks.Where(c => c.Id != missing)]));

        Assert.False(result.Accepted);
        Assert.Equal(TrustTier.Contraindicated, result.Status);
    }

    // Else the tests above would hold for a mapping that never affirms anything.
    [Fact]
    public void GoodGuest_IsAffirming()
    {
        AttestationResult result = Guest.Vcek().Result();

        Assert.True(result.Accepted);
        Assert.Equal(TrustTier.Affirming, result.Status);
        Assert.Empty(result.FailedChecks);
    }

    private static AttestationResult With(CheckId id, bool isAuthentic, CheckResult changed)
    {
        Guest guest = Guest.Vcek();
        return guest.Of(guest.WithChecks(isAuthentic, checks => [.. checks.Select(c => c.Id == id ? changed : c)]));
    }
}
