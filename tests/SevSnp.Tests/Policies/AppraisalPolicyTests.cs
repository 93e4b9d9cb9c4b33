using SevSnp.Policies;

namespace SevSnp.Tests.Policies;

public sealed class AppraisalPolicyTests
{
    [Fact]
    public void T53_Default_IsTheWrittenDownOne()
    {
        AppraisalPolicy policy = AppraisalPolicy.Default;
        Assert.Equal(("builtin", 0L), (policy.Name, policy.Version));
        Assert.Equal(3U, policy.Constraints.MinReportVersion);
        Assert.Equal([0U], policy.Constraints.Vmpls);
        Assert.Empty(policy.Constraints.CspIds!);
        Assert.Equal(RevocationRule.Preferred, policy.Revocation);
        Assert.Empty(policy.UnsafeSwitches);
        Assert.Empty(policy.Constraints.TcbFloors);
    }

    [Fact]
    public void T53_SilentPolicy_InheritsTheDefaults()
    {
        Constraints silent = new AppraisalPolicy { Constraints = Constraints.None }.EffectiveConstraints;
        Assert.Equal(3U, silent.MinReportVersion);
        Assert.Equal([0U], silent.Vmpls);
        Assert.Empty(silent.CspIds!);
    }

    [Fact]
    public void StatedMembers_AreKept()
    {
        Constraints stated = new() { MinReportVersion = 2, Vmpls = new HashSet<uint> { 1 }, CspIds = new HashSet<string> { "CN=a" } };
        Assert.Equal(stated, new AppraisalPolicy { Constraints = stated }.EffectiveConstraints);
    }

    [Fact]
    public void DefaultRevocationRule_IsTheStrictOne() => Assert.Equal(RevocationRule.Required, default);

    [Fact]
    public void EverySwitchThatLoosens_IsUnsafeByNameAndListed()
    {
        string[] switches = [.. typeof(AppraisalPolicy).GetProperties()
            .Where(p => p.PropertyType == typeof(bool))
            .Select(p => p.Name)];
        AppraisalPolicy all = new()
        {
            UnsafeAllowAnyMeasurement = true,
            UnsafeAllowDebug = true,
            UnsafeAllowMaskedChipId = true,
            UnsafeAllowMigration = true,
            UnsafeAllowUnboundReport = true,
            UnsafeSkipAliasCheck = true,
            UnsafeSkipRevocation = true,
        };
        Assert.All(switches, name => Assert.StartsWith("Unsafe", name, StringComparison.Ordinal));
        Assert.Equal(switches.Order(), all.UnsafeSwitches.Select(Pascal).Order());
    }

    private static string Pascal(string snake) => string.Concat(snake.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
