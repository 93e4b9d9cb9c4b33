namespace Verifier.Charts.Tests;

public sealed class HelmLintTests
{
    [Fact]
    public void DefaultValues_PassStrictLint() => Helm.Run("lint", "--strict", Helm.Chart).Succeeded();

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void GoodValues_PassStrictLint(string name) =>
        Helm.Run("lint", "--strict", Helm.Chart, "--values", ValueSets.GoodFile(name)).Succeeded();

    [Fact]
    public void RefusedValues_FailStrictLint() =>
        Assert.NotEqual(0, Helm.Run("lint", "--strict", Helm.Chart, "--values", ValueSets.RefusedFile("misspelt-name")).Code);
}
