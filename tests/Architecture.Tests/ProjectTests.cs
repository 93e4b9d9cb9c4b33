namespace Verifier.Architecture.Tests;

/// <summary>What project files ask for.</summary>
public sealed class ProjectTests
{
    private static readonly ProjectFile[] All = [.. Repository.Projects.Select(ProjectFile.Read)];
    private static readonly string Props = Repository.Read("Directory.Packages.props");
    private static readonly string TestProps = Repository.Read("tests/Directory.Build.props");
    private static readonly string Page = Repository.Read("docs/dependencies.md");

    [Fact]
    public void Packages_AreTheListedOnes() => Expect.None(ProjectRules.UnlistedPackages(All));

    [Fact]
    public void LibraryHasOneRuntimePackage() =>
        Assert.Equal(["BouncyCastle.Cryptography"], ProjectFile.Read("src/SevSnp/SevSnp.csproj").Packages);

    [Fact]
    public void SecondPackageOfTheLibrary_IsSeen() => Assert.Equal(
        ["src/SevSnp/SevSnp.csproj: package Newtonsoft.Json is not listed"],
        ProjectRules.UnlistedPackages([Sample("src/SevSnp/SevSnp.csproj", "<PackageReference Include='BouncyCastle.Cryptography' /><PackageReference Include='Newtonsoft.Json' />")]));

    [Fact]
    public void ProjectReferences_AreTheListedOnes() => Expect.None(ProjectRules.UnlistedProjects(All));

    [Theory]
    [InlineData("src/Verifier/Verifier.csproj", "../../tests/TestKit/TestKit.csproj", "TestKit")]
    [InlineData("src/Client/Client.csproj", @"..\Verifier\Verifier.csproj", "Verifier")]
    [InlineData("src/Ledger/Ledger.csproj", "../SevSnp/SevSnp.csproj", "SevSnp")]
    [InlineData("src/Contracts/Contracts.csproj", "../SevSnp/SevSnp.csproj", "SevSnp")]
    [InlineData("src/Extra/Extra.csproj", "../SevSnp/SevSnp.csproj", "SevSnp")]
    public void ForeignProjectReference_IsSeen(string path, string reference, string name) => Assert.Contains(
        $"{path}: project {name} is not listed",
        ProjectRules.UnlistedProjects([Sample(path, $"<ProjectReference Include='{reference}' />")]));

    [Fact]
    public void ProductionProjects_AreTheKnownOnes() =>
        Assert.Equal(["Client", "Contracts", "Ledger", "Sdk", "SevSnp", "Verifier"], All.Where(p => p.IsProduction).Select(p => p.Name));

    [Fact]
    public void Versions_StandInOnePlace() => Expect.None(ProjectRules.OwnVersions(All));

    [Fact]
    public void VersionInAProject_IsSeen() =>
        Assert.NotEmpty(ProjectRules.OwnVersions([Sample("src/Client/Client.csproj", "<PackageReference Include='A' VersionOverride='1.0.0' />")]));

    [Fact]
    public void Versions_AreExact() => Expect.None(ProjectRules.FloatingVersions(Props));

    [Theory]
    [InlineData("1.*")]
    [InlineData("[1.0.0,2.0.0)")]
    public void FloatingVersion_IsSeen(string version) =>
        Assert.NotEmpty(ProjectRules.FloatingVersions($"<Project><PackageVersion Include='A' Version='{version}' /></Project>"));

    [Fact]
    public void Projects_AreInTheSolution() => Expect.None(ProjectRules.OutsideSolution(Repository.Projects, Repository.Read("Verifier.sln")));

    [Fact]
    public void ProjectOutsideTheSolution_IsSeen() =>
        Assert.NotEmpty(ProjectRules.OutsideSolution(["tests/Lost.Tests/Lost.Tests.csproj"], Repository.Read("Verifier.sln")));

    [Fact]
    public void Projects_HaveLockFiles() =>
        Expect.None(All.Select(p => Path.GetDirectoryName(p.Path) + "/packages.lock.json").Where(l => !Repository.Exists(l)));

    [Fact]
    public void Dependencies_AreDocumented()
    {
        Expect.None(ProjectRules.Undocumented(Props, Page));
        Expect.None(ProjectRules.UnexplainedRows(Page));
    }

    [Fact]
    public void UndocumentedDependency_IsSeen()
    {
        const string More = "<Project><PackageVersion Include='A' Version='1.0.0' /><PackageVersion Include='B' Version='1.0.0' /></Project>";
        Assert.Equal(["B is listed but not there"], ProjectRules.Undocumented(More, "| A | MIT | why |\n"));
        Assert.Equal(["C is not listed"], ProjectRules.Undocumented(More, "| A | MIT | why |\n| B | MIT | why |\n| C | MIT | why |\n"));
        Assert.NotEmpty(ProjectRules.UnexplainedRows("| A | | why |\n"));
    }

    [Fact]
    public void Packages_AreUsed() => Expect.None(ProjectRules.UnusedPackages(Props, All, TestProps));

    [Fact]
    public void UnusedPackage_IsSeen() => Assert.Equal(
        ["no project uses A"], ProjectRules.UnusedPackages("<Project><PackageVersion Include='A' Version='1.0.0' /></Project>", All, TestProps));

    private static ProjectFile Sample(string path, string items) => ProjectFile.Parse(path, $"<Project><ItemGroup>{items}</ItemGroup></Project>");
}
