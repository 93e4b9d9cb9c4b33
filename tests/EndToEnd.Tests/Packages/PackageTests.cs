using System.Text.RegularExpressions;
using System.Xml.Linq;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Packages;

/// <summary>The packages of a release hold what they should and nothing else, and work where nothing but them is there.</summary>
public sealed partial class PackageTests(PackageFolder packages) : IClassFixture<PackageFolder>
{
    private static readonly string[] Sample =
    [
        Samples.Path("report.bin"), Samples.Path("chain.pem"), Samples.Measurement, Samples.ReportData, Samples.Path("root.pem"),
    ];

    public static TheoryData<string, string[]> Libraries => new()
    {
        { "SevSnp", ["BouncyCastle.Cryptography"] },
        { "Verifier.Contracts", ["Google.Api.CommonProtos", "Google.Protobuf", "Grpc.Core.Api"] },
        { "Verifier.Ledger", [] },
        { "Verifier.Sdk", ["Google.Api.CommonProtos", "Google.Protobuf", "Grpc.Core.Api", "Grpc.Net.Client", "Grpc.StatusProto", "Verifier.Contracts"] },
    };

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_HoldsItsAssemblyDocumentationAndLicence(string id, string[] dependencies)
    {
        string[] expected = ["LICENSE", "README.md", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml", $"{id}.nuspec"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), packages.Files($"{id}.{PackageFolder.Version}.nupkg"));
        Assert.Contains($"lib/net10.0/{id}.pdb", packages.Files($"{id}.{PackageFolder.Version}.snupkg"));
        Assert.Equal(dependencies, packages.Metadata(id).Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("SevSnp")]
    [InlineData("Verifier.Contracts")]
    [InlineData("Verifier.Ledger")]
    [InlineData("Verifier.Sdk")]
    [InlineData("verifierctl")]
    public void Metadata_IsComplete_AndNamesNoHomeThatThereIsNot(string id)
    {
        XElement metadata = packages.Metadata(id);
        Assert.Equal(PackageFolder.Version, Value("version"));
        Assert.Equal(("Apache-2.0", "README.md"), (Value("license"), Value("readme")));
        Assert.NotEmpty(Value("description")!);
        Assert.Null(Value("projectUrl"));
        Assert.Null(metadata.Elements().SingleOrDefault(e => e.Name.LocalName == "repository")?.Attribute("url"));

        string? Value(string name) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;
    }

    [Fact]
    public void Tool_HoldsNothingBesideItsProgram()
    {
        string[] files = packages.Files($"verifierctl.{PackageFolder.Version}.nupkg");

        string[] strange = [.. files.Where(f => !f.StartsWith("tools/net10.0/any/", StringComparison.Ordinal) || !ProgramFile().IsMatch(f[18..]))];
        Assert.Equal(["LICENSE", "README.md", "tools/net10.0/any/DotnetToolSettings.xml", "verifierctl.nuspec"], strange);
        Assert.Contains("tools/net10.0/any/verifierctl.dll", files);
        Assert.Equal("DotnetTool", packages.Metadata("verifierctl").Descendants().Single(e => e.Name.LocalName == "packageType").Attribute("name")!.Value);
    }

    [Fact]
    public async Task Tool_IsInstalledFromThePackage_AndVerifiesTheSample()
    {
        string folder = packages.FolderFor("tool");
        await packages.WriteSourcesAsync(folder);
        await PackageFolder.SucceedAsync(folder, [], "dotnet", "tool", "install", "verifierctl", "--tool-path", "bin", "--version", PackageFolder.Version);
        string[] verify = ["verify", "--offline", "--report", Sample[0], "--vcek", Samples.Path("vcek.der"), "--chain", Sample[1], "--measurement", Sample[2], "--nonce", Sample[3]];

        (int genuine, string accepted) = await PackageFolder.RunAsync(folder, [], "bin/verifierctl", [.. verify, "--unsafe-extra-root", Sample[4]]);
        (int untrusted, string refused) = await PackageFolder.RunAsync(folder, [], "bin/verifierctl", verify);
        string version = await PackageFolder.SucceedAsync(folder, [], "bin/verifierctl", "--version");

        Assert.True(genuine == 0 && accepted.Contains("ACCEPTED", StringComparison.Ordinal), accepted);
        Assert.True(untrusted == 3 && refused.Contains("ROOT_IS_PINNED", StringComparison.Ordinal), refused);
        Assert.StartsWith(PackageFolder.Version, version, StringComparison.Ordinal);
    }

    // The program is the one in the package's own README, compiled as it stands there against the package and nothing else of ours.
    [Fact]
    public async Task Library_CompilesTheExampleOfItsReadme_AndJudgesTheSample()
    {
        string folder = packages.FolderFor("consumer");
        await packages.WriteSourcesAsync(folder);
        string program = Example().Match(await File.ReadAllTextAsync(RepositoryRoot.Combine("src", "SevSnp", "README.md"), TestContext.Current.CancellationToken)).Groups[1].Value;
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), program, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="SevSnp" Version="[{PackageFolder.Version}]" /></ItemGroup>
            </Project>
            """, TestContext.Current.CancellationToken);
        // A folder of packages of its own: an earlier build of the same version is not taken in its place.
        Dictionary<string, string> own = new() { ["NUGET_PACKAGES"] = packages.FolderFor("fetched") };
        await PackageFolder.SucceedAsync(folder, own, "dotnet", "build", "--configuration", "Release", "--output", "out", "--verbosity", "quiet", "--disable-build-servers");
        string certificates = Path.Combine(folder, "certificates.pem");
        await File.WriteAllTextAsync(certificates, PemOf(Samples.Read("vcek.der")) + await File.ReadAllTextAsync(Sample[1], TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

        string[] arguments = ["out/Consumer.dll", Sample[0], certificates, .. Sample[2..]];
        (int genuine, string accepted) = await PackageFolder.RunAsync(folder, own, "dotnet", arguments);
        (int untrusted, string refused) = await PackageFolder.RunAsync(folder, own, "dotnet", arguments[..^1]);
        (int other, string wrongNonce) = await PackageFolder.RunAsync(folder, own, "dotnet", [.. arguments[..4], new string('7', 128), arguments[5]]);

        Assert.True(genuine == 0, accepted);
        Assert.StartsWith("Accepted: coconut-svsm 2026.11", accepted, StringComparison.Ordinal);
        Assert.True(untrusted == 4, refused);
        Assert.True(other == 4, wrongNonce);
    }

    private static string PemOf(byte[] der) => new string(System.Security.Cryptography.PemEncoding.Write("CERTIFICATE", der)) + "\n";

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^([A-Za-z.]+\.dll|(SevSnp|Verifier\.[A-Za-z]+|verifierctl)\.pdb|verifierctl\.(deps|runtimeconfig)\.json)$")]
    private static partial Regex ProgramFile();
}
