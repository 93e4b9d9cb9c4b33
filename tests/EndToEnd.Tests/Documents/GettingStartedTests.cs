namespace Verifier.EndToEnd.Tests.Documents;

/// <summary>docs/getting-started, each page run as it stands there.</summary>
[Collection(DefaultPort.Collection)]
public sealed class GettingStartedTests
{
    [Fact]
    public Task PageForRelyingParties_DoesWhatItSays() => Guide.Read("relying-party.md").RunAsync();

    [Fact]
    public Task PageForReleases_DoesWhatItSays() => Guide.Read("ci.md").RunAsync();
}
