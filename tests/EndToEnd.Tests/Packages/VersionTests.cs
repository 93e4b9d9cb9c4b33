using System.Text.RegularExpressions;
using Verifier.EndToEnd.Tests.Running;

namespace Verifier.EndToEnd.Tests.Packages;

/// <summary>Both programs tell which build they are: the version, and the commit where it was known.</summary>
public sealed partial class VersionTests
{
    [Fact]
    public async Task ServiceAndClient_TellTheVersionAndTheCommit()
    {
        string client = await PackageFolder.SucceedAsync(AppContext.BaseDirectory, [], "dotnet", CommandLineTool.Path, "--version");
        string service = await PackageFolder.SucceedAsync(AppContext.BaseDirectory, [], "dotnet", CommandLineTool.BuiltFile("Verifier", "Verifier.Service.dll"), "--version");

        Assert.All([client, service], text => Assert.Equal(PackageFolder.Version, Form().Match(text).Groups[1].Value));
        bool isKnown = Path.Exists(TestKit.RepositoryRoot.Combine(".git"))
            || !(await File.ReadAllTextAsync(TestKit.RepositoryRoot.Combine("build", "commit.txt"), TestContext.Current.CancellationToken)).StartsWith('$');
        Assert.Equal(isKnown, Form().Match(service).Groups[2].Success);
    }

    // With a setting beside it somebody means to start the service: no quiet success.
    [Fact]
    public async Task VersionBesideSettings_IsAFault()
    {
        (int code, string output) = await PackageFolder.RunAsync(
            AppContext.BaseDirectory, [], "dotnet", CommandLineTool.BuiltFile("Verifier", "Verifier.Service.dll"), "--version", "--Server:Port=0");

        Assert.Equal(1, code);
        Assert.Contains("error: argument 1:", output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)(\+[0-9a-f]{40})?\s*$")]
    private static partial Regex Form();
}
