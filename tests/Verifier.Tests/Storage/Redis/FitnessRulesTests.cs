using Verifier.Service.Storage.Redis;

namespace Verifier.Tests.Storage.Redis;

public sealed class FitnessRulesTests
{
    private static readonly RedisSelfDescription Fit = new("noeviction", "yes", "always", "no", true);

    [Fact]
    public void FitRedis_HasNoFault() => Assert.All(RedisDurability.Words, d => Assert.Null(FitnessRules.Fault(d, Fit)));

    [Theory]
    [InlineData("allkeys-lru")]
    [InlineData("volatile-ttl")]
    [InlineData("")]
    public void Eviction_IsAFault_HoweverLowTheDurability(string policy) =>
        Assert.All(RedisDurability.Words, d => Assert.Contains("maxmemory-policy", FitnessRules.Fault(d, Fit with { Eviction = policy })!.Why, StringComparison.Ordinal));

    [Fact]
    public void DefaultUserWithoutRights_IsAFault_HoweverLowTheDurability() =>
        Assert.All(RedisDurability.Words, d => Assert.Contains("default user", FitnessRules.Fault(d, Fit with { Replays = false })!.Why, StringComparison.Ordinal));

    [Theory]
    [InlineData("always", "yes", "everysec", false)]
    [InlineData("always", "yes", "no", false)]
    [InlineData("always", "no", "always", false)]
    [InlineData("everysec", "yes", "everysec", true)]
    [InlineData("everysec", "yes", "always", true)]
    [InlineData("everysec", "yes", "no", false)]
    [InlineData("everysec", "no", "everysec", false)]
    [InlineData("declared-by-operator", "no", "no", true)]
    public void Durability_DecidesWhatTheAppendOnlyFileMustBe(string durability, string appendOnly, string appendFsync, bool fit) =>
        Assert.Equal(fit, FitnessRules.Fault(durability, Fit with { AppendOnly = appendOnly, AppendFsync = appendFsync }) is null);

    [Theory]
    [InlineData("yes", "yes", true)]
    [InlineData("yes", "no", false)]
    [InlineData("yes", null, false)]
    [InlineData("no", "yes", false)]
    public void BeginningOfAChangeThatMayBeKept_IsADoubtAndNoFault(string appendOnly, string? truncated, bool isDoubted)
    {
        RedisSelfDescription told = Fit with { AppendOnly = appendOnly, LoadTruncated = truncated };
        Assert.Equal(isDoubted, FitnessRules.Doubt(told)?.Contains("aof-load-truncated", StringComparison.Ordinal) == true);
        Assert.Null(FitnessRules.Fault("declared-by-operator", told));
    }

    [Fact]
    public void WhatIsNotTold_IsAFault_UnlessTheOperatorVouches()
    {
        RedisSelfDescription[] silent = [Fit with { Eviction = null }, Fit with { AppendOnly = null }, Fit with { AppendFsync = null }, Fit with { Replays = null }];
        Assert.All(silent, s => Assert.Contains("declared-by-operator", FitnessRules.Fault("always", s)!.Why, StringComparison.Ordinal));
        Assert.All(silent, s => Assert.Null(FitnessRules.Fault("declared-by-operator", s)));
    }
}
