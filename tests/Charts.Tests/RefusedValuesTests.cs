namespace Verifier.Charts.Tests;

/// <summary>Values that are misspelt or contradict each other are refused, in words that name them.</summary>
public sealed class RefusedValuesTests
{
    [Theory]
    [MemberData(nameof(ValueSets.Refused), MemberType = typeof(ValueSets))]
    public void RefusedValues_AreNamed(string name)
    {
        HelmResult result = Helm.Template(ValueSets.RefusedFile(name));

        Assert.NotEqual(0, result.Code);
        Assert.Contains(ValueSets.Refusal(name), result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void SeveralContradictions_AreToldAtOnce()
    {
        HelmResult result = Helm.Run("template", "release", Helm.Chart, "--set", "replicaCount=2,tls.existingSecret=,persistence.enabled=false");

        Assert.NotEqual(0, result.Code);
        Assert.Contains("- replicaCount:", result.Error, StringComparison.Ordinal);
        Assert.Contains("- tls.existingSecret:", result.Error, StringComparison.Ordinal);
        Assert.Contains("- persistence.enabled:", result.Error, StringComparison.Ordinal);
    }

    // A password that was pasted into an address must not come back in a message that ends up in a build log.
    [Fact]
    public void RefusedEndpoint_IsNotRepeated() => Assert.DoesNotContain(
        "secret@", Helm.Template(ValueSets.RefusedFile("redis-password-in-endpoint")).Error, StringComparison.Ordinal);
}
